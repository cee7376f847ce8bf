import { Cron } from 'croner';
import { describeError, type Log } from '../log.ts';
import type { Syncs } from '../services/sync.ts';

/**
 * Syncs the foreign systems at once, for what was missed while this server was down, and every ten minutes.
 * @returns ends it, after what is under way
 */
export function startSyncJob(syncs: Syncs, log: Log): () => Promise<void> {
  const run = () =>
    syncs.tick().catch((error: unknown) => {
      log.error(describeError(error), 'the sources could not be synced');
    });
  const cron = new Cron('15 */10 * * * *', { protect: true }, run);
  const first = run();
  return async () => {
    cron.stop();
    await first;
    await syncs.idle();
  };
}
