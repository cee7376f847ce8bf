/**
 * `npm run bench`: the real server (signed events, tokens, SQLite with `synchronous=FULL` on a real file, the planner,
 * rows per agent) pinned to one processor and the load client to another, in turn with the peer, several passes.
 * Prints a table. `--quick` takes smaller numbers and one pass; `--only idle,rate` runs these alone; `--each` sends
 * nchan a `POST` for each channel of a team instead of one that names all.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleRows } from './bundles.ts';
import { makeCast } from './cast.ts';
import type { Figures } from './load.ts';
import { nchanModule, nginxVersion } from './nginx.ts';
import { pinned } from './pinning.ts';
import { type Measurement, serverMeasurements } from './server-rows.ts';
import { slotRows } from './slot.ts';
import { onNchan, onOurs } from './stage.ts';
import { mainTable, type Row } from './table.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    each: { type: 'boolean' },
  },
});
const quick = flags.quick === true;
const PASSES = quick ? 1 : 3;
const publishing = flags.each ? 'each' : 'together';
const sizes = { many: quick ? 2_000 : 10_000, quick };
const skipped: string[] = [];

const skip = (what: string): void => {
  skipped.push(what);
  console.error(`SKIPPED: ${what}`);
};

const wantedPeer = nchanModule() !== null;

/** Runs one measurement in every pass, on ours and on the peer in turn. */
async function inTurn(measurement: Measurement, cast: Awaited<ReturnType<typeof makeCast>>): Promise<Row[]> {
  const rows = measurement.rows.map(({ figure, scale, ...row }) => ({ ...row, ours: [], nchan: [] }) as Row);
  const note = (side: 'ours' | 'nchan', figures: Figures): void => {
    measurement.rows.forEach(({ figure, scale = 1 }, index) => {
      rows[index]?.[side]?.push((figures[figure] ?? Number.NaN) * scale);
    });
    const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    console.error(`${measurement.name}, ${side}: ${shown.join(', ')}`);
  };
  for (let pass = 0; pass < PASSES; pass += 1) {
    note('ours', await onOurs(cast, cast.premises.databaseFile, (stage) => measurement.run(stage, sizes)));
    if (measurement.peer && wantedPeer)
      note('nchan', await onNchan(publishing, (stage) => measurement.run(stage, sizes)));
  }
  return rows;
}

const measurements = serverMeasurements(sizes);
const others: Record<string, () => Promise<Row[]>> = {
  slot: () => slotRows(PASSES),
  bundles: async () => bundleRows(),
};
const known = [...measurements.map(({ name }) => name), ...Object.keys(others)];
const wanted = flags.only?.split(',') ?? known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${known.join(', ')}.`);

const rows: Row[] = [];
const atServer = measurements.filter(({ name }) => wanted.includes(name));
if (atServer.length > 0) {
  if (!wantedPeer) skip('nginx + nchan, which is not here (Debian: apt-get install nginx libnginx-mod-nchan)');
  if (!pinned) skip('pinning to processors, which needs two of them and taskset');
  const cast = await makeCast(sizes.many);
  try {
    for (const measurement of atServer) rows.push(...(await inTurn(measurement, cast)));
  } finally {
    cast.premises.remove();
  }
}
for (const [name, measure] of Object.entries(others)) if (wanted.includes(name)) rows.push(...(await measure()));

const machine = [
  `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`,
  `${Math.round(totalmem() / 2 ** 30)} GiB`,
  `Node.js ${process.version}`,
  wantedPeer ? `nginx ${nginxVersion()} with nchan` : 'no nginx with nchan',
  pinned ? 'server and load client on a processor each' : 'not pinned',
  `${PASSES} ${PASSES === 1 ? 'pass' : 'passes'}`,
].join(', ');
const report = [machine, mainTable(rows), ...skipped.map((what) => `Skipped: ${what}.`)].join('\n\n');
console.log(`\n${report}`);
