/**
 * Group commit: a commit waits for the disk, so all writes that arrive while one tick of the event loop runs
 * share one. Keeps only the writes that have not been run yet.
 */
import type { Database } from 'better-sqlite3';

/** Runs a synchronous write soon; resolves with its result once that is on disk. */
export type Write = <Result>(write: () => Result) => Promise<Result>;

/** How many writes may share a commit: between commits the event loop turns, so that streams and reads never wait long. */
export const MOST_TOGETHER = 200;

interface Job {
  run(): unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { result: unknown } | { error: unknown };

/**
 * Each write has a savepoint of its own, so that one that throws undoes and rejects itself alone. If the
 * transaction as a whole fails (disk full, locked for too long), all of its writes reject.
 */
export function groupCommit(client: Database): Write {
  let queue: Job[] = [];

  const alone = client.transaction((job: Job) => job.run());
  const together = client.transaction((jobs: readonly Job[]): Outcome[] =>
    jobs.map((job) => {
      try {
        return { result: alone(job) };
      } catch (error) {
        // After errors such as a full disk SQLite itself rolls everything back, the others' writes too.
        if (!client.inTransaction) throw error;
        return { error };
      }
    }),
  );

  const commit = (): void => {
    const jobs = queue.slice(0, MOST_TOGETHER);
    queue = queue.slice(MOST_TOGETHER);
    if (queue.length > 0) setImmediate(commit);
    let outcomes: Outcome[];
    try {
      outcomes = together.immediate(jobs);
    } catch (error) {
      for (const { reject } of jobs) reject(error);
      return;
    }
    jobs.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]!;
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.result);
    });
  };

  return <Result>(write: () => Result) =>
    new Promise<Result>((resolve, reject) => {
      if (queue.push({ run: write, resolve: resolve as Job['resolve'], reject }) === 1) setImmediate(commit);
    });
}
