/** The browser as the pages see it: the real texts, a worker that answers, permissions that can be given. */
import { generateChromeMessages, parseMessagesFile } from '@wxt-dev/i18n/build';
import { vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';

const messages = generateChromeMessages(await parseMessagesFile(`${import.meta.dirname}/../../locales/en.yml`));

/** As Chrome does it: one pass, so that a name with a "$1" in it stays what it is. */
const getMessage = (key: string, substitutions: string | string[] = []): string =>
  (messages[key]?.message ?? '').replace(/\$(\d|\$)/g, (_, which) =>
    which === '$' ? '$' : ([substitutions].flat()[Number(which) - 1] ?? ''),
  );

export interface Sent {
  type: string;
  data: unknown;
}

/** What the worker answers to a message; a function sees what was sent. */
export type Answers = Record<string, unknown | ((data: unknown) => unknown)>;

/**
 * Begins a test with an empty browser. Returns what the pages send to the worker, as it grows; `answers` may be
 * changed on the way, and a message without one is answered with nothing, like those that return nothing.
 */
export function startBrowser(answers: Answers = {}) {
  fakeBrowser.reset();
  const sent: Sent[] = [];
  const granted = new Set<string>();
  const origins = (wanted: { origins?: string[] }) => wanted.origins ?? [];
  const permissions = {
    contains: vi.fn(async (wanted: { origins?: string[] }) => origins(wanted).every((origin) => granted.has(origin))),
    request: vi.fn(async (wanted: { origins?: string[] }) => {
      for (const origin of origins(wanted)) granted.add(origin);
      return true;
    }),
  };
  fakeBrowser.runtime.onMessage.addListener((message: Sent, _sender: unknown, respond: (answer: unknown) => void) => {
    sent.push({ type: message.type, data: message.data });
    const answer = answers[message.type];
    Promise.resolve(typeof answer === 'function' ? answer(message.data) : answer).then(
      (res) => respond({ res }),
      (error: Error) => respond({ err: { name: error.name, message: error.message, stack: error.stack ?? '' } }),
    );
    return true;
  });
  Object.assign(fakeBrowser, { i18n: { getMessage }, permissions });
  Object.assign(fakeBrowser.runtime, { getPlatformInfo: async () => ({ os: 'mac', arch: 'arm' }) });
  Object.assign(fakeBrowser.action, { getUserSettings: async () => ({ isOnToolbar: false }) });
  const close = vi.spyOn(window, 'close').mockImplementation(() => undefined);
  const tabs = async () => (await fakeBrowser.tabs.query({})).map((tab) => tab.url);
  return { sent, answers, granted, permissions, close, tabs };
}
