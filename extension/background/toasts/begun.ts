/**
 * Remembers which toasts were begun and not finished, so that one over which the browser dies is not tried for ever.
 * A toast is finished when the desktop had time to take it, for the browser dies a moment after `create` has resolved.
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
const report = (error: unknown) => console.warn('A toast could not be noted:', error);

/** Notes that the toast of these news is begun; gives what was noted before. */
const begin = (news: Notification[]): Promise<Begun[]> =>
  begunQueue.run(async () => {
    const all = await begun.getValue();
    await begun.setValue(withBegun(all, news)).catch(report);
    return all;
  });

/**
 * Makes a toast of these news. News that were begun before are waited for until they are finished, so that they alone
 * are blamed if the browser dies again. A toast that is refused is finished too, and the refusal is passed on.
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
