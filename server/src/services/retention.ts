/**
 * Forgets what nobody needs any more, in walks through the store of small steps with long pauses. Keeps only where
 * the walk is: lost with the process, it costs looking at the same rows again.
 */
import { KEPT_FOR, PRUNED_KINDS } from '../domain/retention.ts';
import { describeError, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Place } from '../ports/retention-store.ts';
import type { Clock, Millis, Store } from '../ports/store.ts';
import { createClockTrust } from './clock-trust.ts';
import { letPass, type Wait } from './wait.ts';

/** Rows a step looks at: a write of some two milliseconds, about what an event to a team of twenty takes. */
export const STEP_ROWS = 50;
/** Between steps requests have the process to themselves. */
const BETWEEN_STEPS: Millis = 50;
/** How long a round may take of the minute until the next; enough for some 18,000 rows. */
export const ROUND: Millis = 20_000;
/** From the beginning of a walk to that of the next: most of it would find nothing. */
export const BETWEEN_WALKS: Millis = 60 * 60 * 1000;

export interface Retention {
  /** Goes on with the walk, or begins the next one if it is time, until it is over or the round's time is up. */
  tick(): Promise<void>;
  /** Ends after the step that is under way. */
  close(): Promise<void>;
}

interface Walk {
  begunAt: Millis;
  /** Index of the kind it is at; beyond the last, it is over. */
  at: number;
  /** Where it is in this kind. */
  place: Place | null;
  /** How many it has removed so far, by kind. */
  removed: Record<string, number>;
}

const beginWalk = (begunAt: Millis): Walk => ({ begunAt, at: 0, place: null, removed: {} });

const isOver = ({ at }: Walk): boolean => at >= PRUNED_KINDS.length;

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
  let walk: Walk | null = null;
  let running: Promise<void> | null = null;

  async function step(current: Walk, now: Millis): Promise<void> {
    const kind = PRUNED_KINDS[current.at]!;
    const { removed, next } = await store.prune({
      kind,
      now,
      before: now - KEPT_FOR[kind],
      after: current.place,
      limit: STEP_ROWS,
    });
    if (removed > 0) {
      metrics.pruned.inc({ kind }, removed);
      current.removed[kind] = (current.removed[kind] ?? 0) + removed;
    }
    current.place = next;
    if (next === null) current.at += 1;
  }

  /** The kinds after it must not wait for it; the next walk tries again. */
  function giveUpKind(current: Walk, error: unknown): void {
    log.error(
      { rows: PRUNED_KINDS[current.at], ...describeError(error) },
      'what is no longer needed could not be pruned',
    );
    current.at += 1;
    current.place = null;
  }

  /** The time, or null while nothing may be removed by it; says so once. */
  function believedTime(): Millis | null {
    const now = trust.now();
    if (now === null && believed) log.info('nothing is pruned for an hour, unless the clock is set back');
    believed = now !== null;
    return now;
  }

  async function round(): Promise<void> {
    const begunAt = believedTime();
    if (begunAt === null) return;
    // After a clock that was set back, a walk that seems to lie ahead says nothing.
    const resting = walk !== null && isOver(walk) && Math.abs(begunAt - walk.begunAt) < BETWEEN_WALKS;
    if (resting) return;
    walk = walk === null || isOver(walk) ? beginWalk(begunAt) : walk;
    while (!isOver(walk) && !closing.signal.aborted) {
      // Asked before every step: the clock may jump in the middle of a round.
      const now = believedTime();
      if (now === null || now - begunAt >= ROUND) break;
      await step(walk, now).catch((error: unknown) => giveUpKind(walk!, error));
      await wait(BETWEEN_STEPS, closing.signal);
    }
    if (isOver(walk) && Object.keys(walk.removed).length > 0) log.info({ removed: walk.removed }, 'pruned');
  }

  return {
    tick() {
      running ??= round().finally(() => {
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
