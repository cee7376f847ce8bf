import { relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** A test that failed, with all that a newcomer needs to run it again. */
export interface Failure {
  project: string;
  /** Path from the root of the repository. */
  file: string;
  /** The titles from the outermost on; empty where the whole file failed. */
  titles: string[];
  /** What was expected, and what came instead. */
  message: string;
  seed: string;
}

/** A failure of the test file at this absolute path. */
export const failureIn = (file: string, failure: Omit<Failure, 'file'>): Failure => ({
  ...failure,
  file: relative(ROOT, file),
});

/** The command that runs this test alone, with the same seed. `-t` takes a regular expression. */
export function commandFor({ project, file, titles, seed }: Failure): string {
  const needsBuild = project === 'e2e' || project === 'slow';
  const title = titles.join(' ').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const only = titles.length === 0 ? '' : ` -t '${title.replaceAll("'", "'\\''")}'`;
  const run = `SEED=${seed} npm run pnpm -- vitest run --project ${project} ${file}${only}`;
  return needsBuild ? `npm run build && ${run}` : run;
}

/** As lines for a terminal. */
export function describeFailure(failure: Failure): string {
  const { file, titles, message, seed } = failure;
  return [
    `FAILED  ${[file, ...titles].join(' > ')}`,
    ...message.split('\n').map((line) => `        ${line}`),
    `  seed  ${seed}`,
    ` alone  ${commandFor(failure)}`,
  ].join('\n');
}
