/**
 * Stores which toasts were begun and not finished, so that a toast that crashes the browser is not tried for ever. A
 * toast is finished when the desktop had time to take it, for the crash comes a moment after `create` has resolved.
 */
import type { Notification } from '@converso/shared';
import { type Begun, timesBegun, withBegun, withoutBegun } from '../../domain/begun.ts';
import { begun } from '../../state.ts';
import { createQueue } from '../queue.ts';
import { waitForDelivery } from './toast-delivery.ts';

const begunQueue = createQueue();

const finish = (news: Notification[]): Promise<void> =>
  begunQueue.run(async () => begun.setValue(withoutBegun(await begun.getValue(), news)));

/** The toast matters more than the note about it, which a full storage refuses. */
const report = (error: unknown) => console.warn('A toast could not be stored:', error);

/** Notes that the toast of these news is begun; gives what was noted before. */
const begin = (news: Notification[]): Promise<Begun[]> =>
  begunQueue.run(async () => {
    const all = await begun.getValue();
    await begun.setValue(withBegun(all, news)).catch(report);
    return all;
  });

/**
 * Creates a toast for these news. Where they were begun before, it waits until the toast is finished, so that no other
 * toast is blamed if the browser crashes again. A refused toast is finished too, and the refusal is passed on.
 */
export const makeNoted = async (news: Notification[], make: () => Promise<void>): Promise<void> => {
  if (news.length === 0) return make();
  const before = await begin(news);
  try {
    await make();
  } catch (error) {
    await finish(news).catch(report);
    throw error;
  }
  const finished = waitForDelivery()
    .then(() => finish(news))
    .catch(report);
  if (news.some((item) => timesBegun(before, item) > 0)) await finished;
};
