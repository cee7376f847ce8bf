/**
 * Removes what nobody needs any more: sweeps through the store in small batches with long pauses. Only the sweep's cursor
 * is kept, in memory; when it is lost with the process, the next sweep looks at the same rows again.
 */
import { KEPT_FOR, PRUNED_KINDS } from '../domain/retention.ts';
import { describeError, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { SweepCursor } from '../ports/retention-store.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Millis } from '../ports/types.ts';
import { createClockTrust } from './clock-trust.ts';
import { letPass, type Wait } from './wait.ts';

/** The rows of a batch: a write of some two milliseconds, about what an event to a team of twenty takes. */
export const BATCH_ROWS = 50;
/** The pause between batches, in which the process serves requests. */
const BETWEEN_BATCHES: Millis = 50;
/** How long a run may take; runs begin a minute apart. Enough for some 18,000 rows. */
export const RUN_TIME: Millis = 20_000;
/** From the beginning of a sweep to the beginning of the next; a sweep right after another would find next to nothing. */
export const BETWEEN_SWEEPS: Millis = 60 * 60 * 1000;

export interface Retention {
  /** Goes on with the sweep, or begins the next one if it is time, until the sweep is over or the run's time is up. */
  tick(): Promise<void>;
  /** Resolves after the batch that is under way. */
  close(): Promise<void>;
}

interface Sweep {
  begunAt: Millis;
  /** Index of the kind it is at; beyond the last, it is over. */
  at: number;
  /** Where it is in this kind. */
  cursor: SweepCursor | null;
  /** How many it has removed so far, by kind. */
  removed: Record<string, number>;
}

const beginSweep = (begunAt: Millis): Sweep => ({ begunAt, at: 0, cursor: null, removed: {} });

const isOver = ({ at }: Sweep): boolean => at >= PRUNED_KINDS.length;

export function createRetention({
  store,
  clock,
  log,
  metrics,
  monotonic = () => performance.now(),
  wait = letPass,
}: {
  store: Pick<Store, 'prune'>;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, 'pruned'>;
  /** Milliseconds of a clock that nobody sets, of any epoch. */
  monotonic?: () => Millis;
  /** Tests move their clock instead. */
  wait?: Wait;
}): Retention {
  const closing = new AbortController();
  const trust = createClockTrust(clock, monotonic);
  let believed = true;
  let sweep: Sweep | null = null;
  let running: Promise<void> | null = null;

  async function pruneBatch(current: Sweep, now: Millis): Promise<void> {
    const kind = PRUNED_KINDS[current.at]!;
    const { removed, next } = await store.prune({
      kind,
      now,
      before: now - KEPT_FOR[kind],
      after: current.cursor,
      limit: BATCH_ROWS,
    });
    if (removed > 0) {
      metrics.pruned.inc({ kind }, removed);
      current.removed[kind] = (current.removed[kind] ?? 0) + removed;
    }
    current.cursor = next;
    if (next === null) current.at += 1;
  }

  /** Skips a kind that failed, so that the kinds after it need not wait; the next sweep tries it again. */
  function giveUpKind(current: Sweep, error: unknown): void {
    log.error(
      { rows: PRUNED_KINDS[current.at], ...describeError(error) },
      'what is no longer needed could not be pruned',
    );
    current.at += 1;
    current.cursor = null;
  }

  /** The time, or null while nothing may be removed by it; says so once. */
  function believedTime(): Millis | null {
    const now = trust.now();
    if (now === null && believed) log.info('nothing is pruned for an hour, unless the clock is set back');
    believed = now !== null;
    return now;
  }

  async function run(): Promise<void> {
    const begunAt = believedTime();
    if (begunAt === null) return;
    // The clock may have been set back, so a sweep that began in the future counts by its distance.
    const resting = sweep !== null && isOver(sweep) && Math.abs(begunAt - sweep.begunAt) < BETWEEN_SWEEPS;
    if (resting) return;
    sweep = sweep === null || isOver(sweep) ? beginSweep(begunAt) : sweep;
    while (!isOver(sweep) && !closing.signal.aborted) {
      // Checked before every batch: the clock may jump in the middle of a run.
      const now = believedTime();
      if (now === null || now - begunAt >= RUN_TIME) break;
      await pruneBatch(sweep, now).catch((error: unknown) => giveUpKind(sweep!, error));
      await wait(BETWEEN_BATCHES, closing.signal);
    }
    if (isOver(sweep) && Object.keys(sweep.removed).length > 0) log.info({ removed: sweep.removed }, 'pruned');
  }

  return {
    tick() {
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
    async close() {
      closing.abort();
      await running?.catch(() => undefined);
    },
  };
}
