import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFor, describeFailure, failureIn } from './failure.ts';
import { createRandom } from './random.ts';

const failure = (titles: string[], project = 'server') =>
  failureIn(join(import.meta.dirname, '../journeys/a.test.ts'), { project, titles, message: 'expected 1', seed: '7' });

test('a failure says what was expected, the seed, and how to run it alone', () => {
  expect(describeFailure(failure(['a device', 'counts']))).toBe(
    `FAILED  e2e/journeys/a.test.ts > a device > counts
        expected 1
  seed  7
 alone  SEED=7 npm run pnpm -- vitest run --project server e2e/journeys/a.test.ts -t 'a device counts'`,
  );
});

test.skipIf(process.platform === 'win32')('a title comes through the shell as the pattern that finds it', () => {
  const title = `isn't "it" $HOME (1) [a|b] \\`;
  const [, pattern = ''] = / -t (.*)$/.exec(commandFor(failure([title]))) ?? [];
  const given = execFileSync('sh', ['-c', `printf %s ${pattern}`], { encoding: 'utf8' });
  expect(new RegExp(`^${given}$`).test(title)).toBe(true);
});

test('a file that failed as a whole is run as a whole, what needs a build after it', () => {
  expect(commandFor(failure([], 'e2e'))).toBe(
    'npm run build && SEED=7 npm run pnpm -- vitest run --project e2e e2e/journeys/a.test.ts',
  );
});

test('a seed makes the same choices again', () => {
  const choices = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(choices(1)).toEqual(choices(1));
  expect(choices(1)).not.toEqual(choices(2));
  expect(choices(3).every((n) => Number.isInteger(n) && n >= 0 && n < 1000)).toBe(true);
});
