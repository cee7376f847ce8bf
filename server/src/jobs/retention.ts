import { Cron } from 'croner';
import { describeError, type Log } from '../log.ts';
import type { Retention } from '../services/retention.ts';

/**
 * Prunes a little every minute, half a minute away from the slots. Nothing depends on when: what is not removed
 * in one minute is in the next, or after the next start.
 * @returns ends it, after the batch that is under way
 */
export function startRetentionJob(retention: Retention, log: Log): () => Promise<void> {
  const cron = new Cron('30 * * * * *', { protect: true }, () =>
    retention.tick().catch((error: unknown) => {
      log.error(describeError(error), 'what is no longer needed could not be pruned');
    }),
  );
  return async () => {
    cron.stop();
    await retention.close();
  };
}
