import type { Notification } from '@converso/shared';
import { decisionOf, type Outcome, withDecisions } from '../../domain/decision.ts';
import { decisionLog, device } from '../../state.ts';
import { toastTexts } from '../toasts/texts.ts';

/** Keeps what was decided about each, for the page that says why there was no toast. Only from within `bellQueue`. */
export const recordDecisions = async (outcomes: ReadonlyMap<Notification, Outcome>): Promise<void> => {
  if (outcomes.size === 0) return;
  const { preview } = await device.getValue();
  const { guest } = toastTexts();
  const at = Date.now();
  const made = [...outcomes].map(([notification, outcome]) =>
    decisionOf(notification, outcome, { preview, guest, at }),
  );
  await decisionLog.setValue(withDecisions(await decisionLog.getValue(), made));
};
