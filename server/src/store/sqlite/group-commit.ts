/**
 * Group commit: a commit waits for the disk, so all writes that arrive while one tick of the event loop runs
 * share one. Keeps only the writes that have not been run yet.
 */
import type { Database } from 'better-sqlite3';
import { hasCode } from '../../error-codes.ts';

/**
 * Runs a synchronous write soon; resolves with its result once that is on disk. The write may be run twice, the first
 * time undone, so it must do nothing but to the database.
 */
export type Write = <Result>(write: () => Result) => Promise<Result>;

export interface GroupCommit {
  write: Write;
  /**
   * Bookkeeping that a read brings with it, and that no answer may wait for or fail with. It is left out, without an
   * error, where the file is locked or cannot be written, and for ten seconds after that.
   */
  note(write: () => void): Promise<void>;
}

/**
 * How long (milliseconds) a write waits while another process holds the lock, until it rejects with SQLITE_BUSY. The
 * command line holds it for less.
 */
const PATIENCE_MS = 5000;
/** How long (milliseconds) SQLite itself waits for the lock at first. Nothing else runs in this process meanwhile. */
const BLOCKING_WAIT_MS = 100;
/** Later tries do not wait; they are so far apart (milliseconds), and the event loop turns in between. */
const RETRY_MS = 50;
/** No bookkeeping for so long (milliseconds) after some could not be written. */
const QUIET_MS = 10_000;

const LOCKED = /^SQLITE_(BUSY|LOCKED)/;
/** The disk's fault or the system's, not the write's. */
const UNWRITABLE = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|NOMEM)/;

/** How many writes may share a commit: between commits the event loop turns, so that streams and reads never wait long. */
export const MOST_TOGETHER = 200;

export interface Hooks {
  /** A transaction has begun; it sees what others have committed. */
  begun?(): void;
  /** One was undone. */
  undone?(): void;
  /** The file could not be written, whatever was to be written. Another process's lock is no such failure. */
  failed?(error: unknown): void;
}

interface Job {
  run(): unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** By `performance.now()`: when it rejects if the file is still locked. */
  waitsUntil: number;
}

/** Jobs that are about to run, and how to have them run next after all. */
interface Taken {
  jobs: Job[];
  putBack(jobs: Job[]): void;
}

/** Marks an error as a write's own, other than one of the transaction around it. */
class JobError extends Error {}

/**
 * A write that throws undoes and rejects itself alone: what shared its transaction is undone with it, and then each
 * is run by itself, which costs only in this rare case. If a transaction cannot begin or cannot be committed (disk
 * full), all of its writes reject. While another process holds the lock they wait, in their order.
 * @param patience how long each waits, in milliseconds
 */
export function groupCommit(
  client: Database,
  { begun, undone, failed }: Hooks = {},
  patience = PATIENCE_MS,
): GroupCommit {
  let queue: Job[] = [];
  /** Undone with one that threw; each has a commit, and a turn of the event loop, of its own. */
  let alone: Job[] = [];
  /** Another process had the lock when it was last tried. */
  let locked = false;
  let quietUntil = 0;

  client.pragma(`busy_timeout = ${BLOCKING_WAIT_MS}`);
  function setLocked(now: boolean): void {
    if (now === locked) return;
    locked = now;
    client.pragma(`busy_timeout = ${locked ? 0 : BLOCKING_WAIT_MS}`);
  }

  const inOne = client.transaction((jobs: readonly Job[]): unknown[] => {
    begun?.();
    return jobs.map((job) => {
      try {
        return job.run();
      } catch (cause) {
        throw new JobError('A write failed.', { cause });
      }
    });
  });

  /** Those that have waited for long enough reject; returns the others. */
  function stillWaiting(jobs: Job[], error: unknown): Job[] {
    const now = performance.now();
    for (const { reject, waitsUntil } of jobs) if (waitsUntil <= now) reject(error);
    return jobs.filter(({ waitsUntil }) => waitsUntil > now);
  }

  function settle({ jobs, putBack }: Taken): void {
    let results: unknown[];
    try {
      results = inOne.immediate(jobs);
      setLocked(false);
    } catch (error) {
      undone?.();
      const isJobs = error instanceof JobError;
      setLocked(!isJobs && hasCode(error, LOCKED));
      if (locked) {
        putBack(jobs);
        // All that wait, for what one commit has no room for must not wait for longer than it would.
        alone = stillWaiting(alone, error);
        queue = stillWaiting(queue, error);
        return;
      }
      if (hasCode(error, UNWRITABLE)) failed?.(error);
      if (isJobs && jobs.length > 1) alone = jobs;
      else for (const { reject } of jobs) reject(isJobs ? error.cause : error);
      return;
    }
    jobs.forEach(({ resolve }, index) => {
      resolve(results[index]);
    });
  }

  /** The next writes, in the order in which they came. */
  function take(): Taken {
    const first = alone.shift();
    if (first !== undefined) return { jobs: [first], putBack: (jobs) => void alone.unshift(...jobs) };
    const jobs = queue.slice(0, MOST_TOGETHER);
    queue = queue.slice(MOST_TOGETHER);
    return { jobs, putBack: (waiting) => void queue.unshift(...waiting) };
  }

  let scheduled = false;
  const schedule = (): void => {
    if (scheduled || queue.length + alone.length === 0) return;
    scheduled = true;
    const turn = (): void => {
      scheduled = false;
      settle(take());
      schedule();
    };
    if (locked) setTimeout(turn, RETRY_MS);
    else setImmediate(turn);
  };

  const enqueue = <Result>(write: () => Result, waits: number): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      const waitsUntil = performance.now() + waits;
      queue.push({ run: write, resolve: resolve as Job['resolve'], reject, waitsUntil });
      schedule();
    });

  return {
    write: (write) => enqueue(write, patience),
    async note(write) {
      if (performance.now() < quietUntil) return;
      try {
        await enqueue(write, 0);
      } catch (error) {
        if (!hasCode(error, LOCKED) && !hasCode(error, UNWRITABLE)) throw error;
        quietUntil = performance.now() + QUIET_MS;
      }
    },
  };
}
