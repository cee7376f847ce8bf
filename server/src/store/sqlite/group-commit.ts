/**
 * Group commit: a commit waits for the disk, so all writes that arrive while one tick of the event loop runs
 * share one. Keeps only the writes that have not been run yet.
 */
import type { Database } from 'better-sqlite3';

/**
 * Runs a synchronous write soon; resolves with its result once that is on disk. The write may be run twice, the first
 * time undone, so it must do nothing but to the database.
 */
export type Write = <Result>(write: () => Result) => Promise<Result>;

/** How many writes may share a commit: between commits the event loop turns, so that streams and reads never wait long. */
export const MOST_TOGETHER = 200;

export interface Hooks {
  /** A transaction has begun; it sees what others have committed. */
  begun?(): void;
  /** One was undone. */
  undone?(): void;
  /** One could not begin or be committed, whatever was written in it. */
  failed?(error: unknown): void;
}

interface Job {
  run(): unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Marks an error as a write's own, other than one of the transaction around it. */
class JobError extends Error {}

/**
 * A write that throws undoes and rejects itself alone: what shared its transaction is undone with it, and then each
 * is run by itself, which costs only in this rare case. If a transaction cannot begin or cannot be committed (locked
 * for too long, disk full), all of its writes reject.
 */
export function groupCommit(client: Database, { begun, undone, failed }: Hooks = {}): Write {
  let queue: Job[] = [];
  /** Undone with one that threw; each has a commit, and a turn of the event loop, of its own. */
  let alone: Job[] = [];

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

  function settle(jobs: Job[]): void {
    let results: unknown[];
    try {
      results = inOne.immediate(jobs);
    } catch (error) {
      undone?.();
      const isJobs = error instanceof JobError;
      if (!isJobs) failed?.(error);
      if (isJobs && jobs.length > 1) alone = jobs;
      else for (const { reject } of jobs) reject(isJobs ? error.cause : error);
      return;
    }
    jobs.forEach(({ resolve }, index) => {
      resolve(results[index]);
    });
  }

  /** The next writes, in the order in which they came. */
  function take(): Job[] {
    const first = alone.shift();
    if (first !== undefined) return [first];
    const jobs = queue.slice(0, MOST_TOGETHER);
    queue = queue.slice(MOST_TOGETHER);
    return jobs;
  }

  let scheduled = false;
  const schedule = (): void => {
    if (scheduled || queue.length + alone.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      settle(take());
      schedule();
    });
  };

  return <Result>(write: () => Result) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ run: write, resolve: resolve as Job['resolve'], reject });
      schedule();
    });
}
