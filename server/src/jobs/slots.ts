import { Cron } from 'croner';
import { describeError, type Log } from '../log.ts';
import type { Digests } from '../services/digests/digests.ts';

/**
 * Looks at the clock at once and every minute: slots are found by calculation and claimed in the store, so a
 * wake-up that comes late, twice or not at all (a machine that slept) changes nothing but the moment.
 * @returns ends it, after what is under way
 */
export function startSlotJob(digests: Digests, log: Log): () => Promise<void> {
  const run = () =>
    digests.tick().catch((error: unknown) => {
      // Nothing is lost: what was claimed or frozen is in the store, and the next minute goes on with it.
      log.error(describeError(error), 'the slots could not be run');
    });
  const cron = new Cron('* * * * *', { protect: true }, run);
  void run();
  return async () => {
    cron.stop();
    await digests.close();
  };
}
