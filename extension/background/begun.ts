/**
 * Remembers which toasts were begun and not finished, so that one over which the browser dies is not tried for ever.
 * A toast is finished when the desktop had time to take it, for the browser dies a moment after `create` has resolved.
 */
import type { Notification } from '@converso/shared';
import { timesBegun, withBegun, withoutBegun } from '../domain/begun.ts';
import { begun } from '../state.ts';
import { hasLanded } from './landing.ts';
import { createQueue } from './queue.ts';

const inTurn = createQueue();

const finish = (news: Notification[]): Promise<void> =>
  inTurn(async () => begun.setValue(withoutBegun(await begun.getValue(), news)));

const report = (error: unknown) => console.error('A finished toast could not be noted:', error);

/**
 * Makes a toast of these news. News that were begun before are waited for until they are finished, so that they alone
 * are blamed if the browser dies again. A toast that is refused is finished too, and the refusal is passed on.
 */
export const makeNoted = async (news: Notification[], make: () => Promise<void>): Promise<void> => {
  if (news.length === 0) return make();
  const before = await inTurn(async () => {
    const all = await begun.getValue();
    await begun.setValue(withBegun(all, news));
    return all;
  });
  try {
    await make();
  } catch (error) {
    await finish(news);
    throw error;
  }
  const finished = hasLanded().then(() => finish(news));
  if (news.some((item) => timesBegun(before, item) > 0)) await finished;
  else finished.catch(report);
};
