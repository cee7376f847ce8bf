/**
 * `npm run bench`: the real server (signed events, tokens, SQLite with `synchronous=FULL` on a real file, the planner,
 * rows per agent) pinned to one processor and the load client to another, in turn with the peer and with the same on
 * a file with a year of a large business, several passes; then the extension in a real browser. Prints a table.
 *
 * `--write` puts it into docs/performance.md. `--quick` takes smaller numbers and one pass, and no year unless
 * `--year` is given too. `--only idle,rate` runs these alone, and `--passes 5` so often. `--each` sends nchan a `POST` for each channel of a team
 * instead of one that names all. BENCH_AHEAD=1 lets what is measured run before other processes, where root says so.
 */
import { parseArgs } from 'node:util';
import { browserRows } from './browser-rows.ts';
import { bundleRows } from './bundles.ts';
import { writeDocument } from './document.ts';
import { type Contenders, interleaved } from './interleaved.ts';
import { machine } from './machine.ts';
import { nchanModule } from './nginx.ts';
import { pinned } from './pinning.ts';
import { makePopulation } from './population.ts';
import { serverMeasurements } from './server-rows.ts';
import { slotRows } from './slot.ts';
import { startRows } from './start.ts';
import { mainTable, type Row, yearTable } from './table.ts';
import { yearOf } from './year.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    year: { type: 'boolean', default: false },
    each: { type: 'boolean', default: false },
    only: { type: 'string' },
    passes: { type: 'string' },
  },
});
const { quick } = flags;
const passes = Number(flags.passes ?? (quick ? 1 : 3));
if (!(passes >= 1)) throw new Error('--passes takes a number from 1 on.');
const sizes = { many: quick ? 2_000 : 10_000, quick };
const began = Date.now();
const skipped: string[] = [];
const skip = (what: string): void => {
  skipped.push(what);
  console.error(`SKIPPED: ${what}`);
};

const measurements = serverMeasurements(sizes);
const BROWSER = ['toast', 'popup', 'worker'];
const known = [...measurements.map(({ name }) => name), 'start', 'slot', 'bundles', ...BROWSER];
const wanted = flags.only?.split(',') ?? known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${known.join(', ')}.`);
const wants = (name: string): boolean => wanted.includes(name);

const rows: Row[] = [];
/** Whatever was measured, its rows are kept and shown even where a later measurement fails. */
const failures: string[] = [];
const failed = (what: string): void => {
  failures.push(what);
  console.error(`FAILED: ${what}`);
};
async function section(name: string, measure: () => Promise<Row[]>): Promise<void> {
  try {
    rows.push(...(await measure()));
  } catch (error) {
    failed(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const atServer = measurements.filter(({ name }) => wants(name));
if (atServer.length > 0 || wants('start')) {
  const peer = nchanModule() !== null;
  if (!peer) skip('nginx + nchan, which is not on this machine (Debian: apt-get install nginx libnginx-mod-nchan)');
  if (!pinned) skip('pinning to processors, which needs two of them and taskset');
  const withYear = flags.year || (!quick && flags.only === undefined);
  if (!withYear) skip('the file of a year, which --year adds');
  const year = withYear ? await yearOf(sizes.many, quick ? 50_000 : 500_000) : null;
  const population = year?.population ?? (await makePopulation(sizes.many));
  const contenders: Contenders = {
    population,
    yearFile: year?.databaseFile ?? null,
    nchan: peer && (flags.each ? 'each' : 'together'),
  };
  try {
    for (const measurement of atServer)
      await section(measurement.name, () => interleaved(measurement, contenders, sizes, passes, failed));
    if (wants('start')) await section('start', () => startRows(contenders, passes));
  } finally {
    population.remove();
  }
}
if (wants('slot')) await section('slot', () => slotRows(passes));
if (wants('bundles')) await section('bundles', async () => bundleRows());
for (const name of BROWSER.filter(wants)) await section(name, () => browserRows(name, quick, skip));

const minutes = Math.round((Date.now() - began) / 60_000);
const report = [
  `${machine()}; ${passes} ${passes === 1 ? 'pass' : 'passes'}, ${minutes} minutes.`,
  mainTable(rows),
  ...(rows.some(({ year = [] }) => year.length > 0) ? [yearTable(rows)] : []),
  ...failures.map((what) => `**FAILED**: ${what}.`),
  ...skipped.map((what) => `Skipped: ${what}.`),
].join('\n\n');
console.log(`\n${report}`);
if (flags.write) writeDocument(report);
if (failures.length > 0) process.exitCode = 1;
