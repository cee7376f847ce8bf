import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Variant } from 'dbus-next';

/** The arguments of `org.freedesktop.Notifications.Notify`, in its order. */
export type NotifyArguments = [
  app: string,
  replacesId: number,
  icon: string,
  summary: string,
  body: string,
  actions: string[],
  hints: Record<string, Variant>,
  /** Milliseconds; 0 means until the person deals with it, -1 leaves it to the desktop. */
  expireTimeout: number,
];

/** What one `Notify` call asked the desktop to show. */
export interface ToastFace {
  title: string;
  /** Who sends it and why: the small line of a Chrome notification. */
  context: string;
  text: string;
  /** Labels of the buttons, in their order. */
  buttons: string[];
  /** Stays until somebody deals with it. */
  sticky: boolean;
  /** Size of the icon that came with it; 0 if none did. */
  iconBytes: number;
}

/** Chromium invents this action for a click on the toast itself. */
export const CLICK = 'default';
/** … and this one for its own settings page; both are not the extension's. */
const SETTINGS = 'settings';

const withoutMarkup = (markup: string): string =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** The icon is a temporary file that Chromium deletes with the toast, so it is read while the call is answered. */
function readIcon(hints: Record<string, Variant>): number {
  const path: unknown = hints['image-path']?.value ?? hints.image_path?.value;
  if (typeof path !== 'string') return 0;
  return readFileSync(path.startsWith('file:') ? fileURLToPath(path) : path).byteLength;
}

/** Pairs of key and label, as the specification strings them together, without those that Chromium adds. */
export function actionsByLabel(actions: string[]): Map<string, string> {
  const byLabel = new Map<string, string>();
  for (let i = 0; i + 1 < actions.length; i += 2) {
    const [key, label] = [actions[i]!, actions[i + 1]!];
    if (key !== CLICK && key !== SETTINGS) byLabel.set(label, key);
  }
  return byLabel;
}

/**
 * Reads a call as a person would see it. Chromium's body is the context message, an empty line and the message;
 * where the desktop takes markup it comes escaped.
 */
export function readFace(
  [, , , summary, body, actions, hints, expireTimeout]: NotifyArguments,
  markup: boolean,
): ToastFace {
  const plain = (markup ? withoutMarkup(body) : body).trim();
  const gap = plain.indexOf('\n\n');
  return {
    title: summary,
    context: gap < 0 ? '' : plain.slice(0, gap),
    text: gap < 0 ? plain : plain.slice(gap + 2),
    buttons: [...actionsByLabel(actions).keys()],
    sticky: expireTimeout === 0,
    iconBytes: readIcon(hints),
  };
}
