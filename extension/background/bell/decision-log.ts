import type { Notification } from '@converso/shared';
import { decisionOf, type Outcome, withDecisions } from '../../domain/decision.ts';
import { decisions, device } from '../../state.ts';
import { toastWords } from '../toasts/texts.ts';

/** Keeps what was decided about each, for the page that says why there was no toast. Only from within `bellQueue`. */
export const remember = async (outcomes: ReadonlyMap<Notification, Outcome>): Promise<void> => {
  if (outcomes.size === 0) return;
  const { preview } = await device.getValue();
  const { guest } = toastWords();
  const at = Date.now();
  const made = [...outcomes].map(([notification, outcome]) =>
    decisionOf(notification, outcome, { preview, guest, at }),
  );
  await decisions.setValue(withDecisions(await decisions.getValue(), made));
};
