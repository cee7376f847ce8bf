/**
 * `npm run test:repeat -- [runs, 20] [vitest's arguments]`: runs the tests of `npm test` again and again, every second
 * time beside two busy loops, each with a seed of its own. Prints each failure with what it takes to run it alone, and
 * a table at the end. Ends with 1 if any run failed. The output of each run is in .output/repeat/.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describeFailure, type Failure } from './failure.ts';
import { FAILURES } from './failure-reporter.ts';

const ROOT = join(import.meta.dirname, '../..');
const LOGS = join(ROOT, '.output/repeat');
const REPORT = join(LOGS, 'tests.json');
const BUSY_LOOPS = 2;
/** Ends by itself when this process is gone. */
const LOOP = 'const parent = process.ppid; while (process.ppid === parent);';

interface Run {
  number: number;
  load: string;
  seed: number;
  passed: number;
  failures: Failure[];
  code: number;
  seconds: number;
}

async function withLoops<Result>(count: number, work: () => Promise<Result>): Promise<Result> {
  const loops: ChildProcess[] = Array.from({ length: count }, () => spawn(process.execPath, ['-e', LOOP]));
  try {
    return await work();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
}

async function runTests(number: number, args: readonly string[]): Promise<Run> {
  const loops = number % 2 === 0 ? BUSY_LOOPS : 0;
  const seed = randomInt(2 ** 31);
  for (const file of [REPORT, FAILURES]) rmSync(file, { force: true });
  const began = Date.now();
  const code = await withLoops(loops, async () => {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const log = createWriteStream(join(LOGS, `run-${number}.log`));
    const tests = spawn(
      process.execPath,
      [vitest, 'run', '--maxWorkers=100%', `--outputFile.json=${REPORT}`, ...args],
      { cwd: ROOT, env: { ...process.env, CI: '1', SEED: String(seed) }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [tests.stdout, tests.stderr]) stream.pipe(log, { end: false });
    const [ended] = (await once(tests, 'close')) as [number | null];
    log.end();
    await finished(log);
    return ended ?? 1;
  });
  const read = <Value>(file: string, otherwise: Value): Value =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Value) : otherwise;
  return {
    number,
    load: loops === 0 ? 'none' : `${loops} loops`,
    seed,
    passed: read(REPORT, { numPassedTests: 0 }).numPassedTests,
    failures: read<Failure[]>(FAILURES, []),
    code,
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
const row = ({ number, load, seed, passed, failures, code, seconds }: Run): string =>
  line([number, load, seed, passed, code === 0 ? 0 : Math.max(1, failures.length), `${seconds} s`]);

const [first = '', ...rest] = process.argv.slice(2);
const isCount = /^\d+$/.test(first);
const count = isCount ? Number(first) : 20;
const asked = isCount || first === '' ? rest : [first, ...rest];
const args = asked.some((arg) => arg.startsWith('--project')) ? asked : ['--project=!slow', ...asked];

rmSync(LOGS, { recursive: true, force: true });
mkdirSync(LOGS, { recursive: true });
const head = [line(['run', 'load', 'seed', 'passed', 'failed', 'took']), line(Array(6).fill('---'))];
console.log(head.join('\n'));
const runs: Run[] = [];
for (let number = 1; number <= count; number += 1) {
  const run = await runTests(number, args);
  runs.push(run);
  console.log(row(run));
  for (const failure of run.failures) console.log(`\n${describeFailure(failure)}\n`);
  if (run.code !== 0 && run.failures.length === 0)
    console.log(`\nrun ${number} ended with ${run.code}; see .output/repeat/run-${number}.log\n`);
}
const green = runs.filter(({ code }) => code === 0).length;
console.log(`\n${[...head, ...runs.map(row)].join('\n')}\n\n${green} of ${runs.length} runs passed`);
process.exitCode = green === runs.length ? 0 : 1;
