/**
 * `npm run bench`: the real server (signed events, tokens, SQLite with `synchronous=FULL` on a real file, the planner,
 * rows per agent) pinned to one processor, the load client to another. Prints a table; `--write` puts it into
 * docs/performance.md with the machine's data. `--quick` takes smaller numbers and one pass.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { premises, type SeededBusiness, seedBusiness } from '../proofs/seed.ts';
import { serverProcess } from '../proofs/server-process.ts';
import { bundleRows } from './bundles.ts';
import { markdown, type Row } from './figures.ts';
import type { Job } from './load.ts';
import { slotRows } from './slot.ts';

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' } },
});
const PASSES = flags.quick ? 1 : 3;
const MANY = flags.quick ? 2_000 : 10_000;
const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');

/** Processor 0 for the server, 1 for the load; nothing where there is but one, or no `taskset`. */
const pinned = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;
const pin = (pid: number, cpu: number): void => {
  if (pinned) spawnSync('taskset', ['-a', '-p', '-c', String(cpu), String(pid)]);
};

interface Sizes {
  agents: number;
  groupSize: number;
  devices: number;
}

interface Stage {
  memory(): number;
  measure(
    measure: Job['measure'],
    numbers?: Record<string, number>,
    whileHolding?: () => Promise<void>,
  ): Promise<Record<string, number>>;
}

/** A fresh server on a fresh file with that many people, for one measurement. */
async function onStage<Result>(sizes: Sizes, work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const place = premises();
  try {
    const business: SeededBusiness = await seedBusiness(place, { id: 'bench', ...sizes });
    const server = await serverProcess(place.env);
    await server.start();
    pin(server.pid, 0);
    const port = Number(new URL(server.origin).port);
    try {
      return await work({
        memory: () => server.memory() ?? Number.NaN,
        measure: (measure, numbers = {}, whileHolding) => load({ port, business, measure, numbers }, whileHolding),
      });
    } finally {
      await server.stop('SIGKILL');
    }
  } finally {
    place.remove();
  }
}

function load(job: Job, whileHolding?: () => Promise<void>): Promise<Record<string, number>> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'load.ts'));
  pin(child.pid ?? 0, 1);
  child.send(job);
  return new Promise((resolve, reject) => {
    child.on('message', async (message: 'holding' | { result: Record<string, number> } | { failed: string }) => {
      if (message === 'holding') {
        await whileHolding?.();
        child.send('enough');
      } else if ('failed' in message) reject(new Error(message.failed));
      else resolve(message.result);
    });
    child.once('exit', (code) => reject(new Error(`the load client ended with ${code}`)));
  });
}

/** Runs a measurement in every pass and names what came of it. */
async function rowsOf(measure: () => Promise<number[]>, names: readonly Omit<Row, 'passes'>[]): Promise<Row[]> {
  const rows = names.map((name) => ({ ...name, passes: [] as number[] }));
  for (let pass = 0; pass < PASSES; pass += 1) {
    const values = await measure();
    rows.forEach((row, index) => {
      row.passes.push(values[index] ?? Number.NaN);
    });
  }
  for (const row of rows)
    console.error(`${row.what}: ${row.passes.map((value) => value.toPrecision(3)).join(', ')} ${row.unit}`);
  return rows;
}

const SECTIONS: Record<string, () => Promise<Row[]>> = {
  ingest: () =>
    rowsOf(
      () =>
        onStage({ agents: 100, groupSize: 5, devices: 1 }, async ({ measure }) => {
          const { perSecond, p99 } = await measure('ingest', { events: flags.quick ? 5_000 : 40_000 });
          return [perSecond!, p99!];
        }),
      [
        { what: 'durable signed ingest, 50 connections, no stream open', unit: 'events/s', must: '≥ 10,000' },
        { what: '… p99 from request to answer', unit: 'ms', must: '< 20' },
      ],
    ),
  light: () =>
    rowsOf(
      () =>
        onStage({ agents: 1_000, groupSize: 20, devices: 1 }, async ({ measure }) => {
          const { p50, p99 } = await measure('live', { rate: 50, seconds: flags.quick ? 3 : 10 });
          return [p50!, p99!];
        }),
      [
        { what: '1,000 streams, 50 events/s to 20 agents each: POST to arrival, p50', unit: 'ms', must: '≤ 5' },
        { what: '… p99', unit: 'ms', must: '≤ 25' },
      ],
    ),
  rate: () =>
    rowsOf(
      async () => [await highestRate(1_000)],
      [{ what: 'events/s to 20 streams each at p99 < 100 ms, 1,000 streams', unit: 'events/s', must: '≥ 0.6 × nchan' }],
    ),
  rateMany: () =>
    rowsOf(
      async () => [await highestRate(MANY)],
      [{ what: `the same, ${MANY.toLocaleString('en')} streams`, unit: 'events/s', must: '≥ 0.6 × nchan' }],
    ),
  team: () =>
    rowsOf(
      () =>
        onStage({ agents: MANY, groupSize: MANY, devices: 1 }, async ({ measure }) => {
          const { last } = await measure('live', { rate: 1, seconds: 3 });
          return [last!];
        }),
      [{ what: `one event to a team of ${MANY.toLocaleString('en')}: last arrival`, unit: 'ms', must: '≤ 3 × nchan' }],
    ),
  idle: () =>
    rowsOf(
      () =>
        onStage({ agents: MANY, groupSize: 20, devices: 1 }, async ({ memory, measure }) => {
          const before = memory();
          let held = 0;
          const { streams } = await measure('idle', {}, async () => {
            held = memory();
          });
          return [((held - before) * 1024) / streams!];
        }),
      [{ what: `memory of an idle stream, ${MANY.toLocaleString('en')} open`, unit: 'KiB', must: '≤ 12' }],
    ),
  reconnect: () =>
    rowsOf(
      () =>
        onStage({ agents: MANY, groupSize: 20, devices: 1 }, async ({ measure }) => {
          const { seconds } = await measure('reconnect', { missed: 10 });
          return [seconds!];
        }),
      [{ what: `${MANY.toLocaleString('en')} reconnect with 10 missed events each`, unit: 's', must: '≤ nchan' }],
    ),
  snapshot: () =>
    rowsOf(
      () =>
        onStage({ agents: 5, groupSize: 5, devices: 1 }, async ({ measure }) => {
          const { p99 } = await measure('snapshot', { open: 200, times: 200 });
          return [p99!];
        }),
      [{ what: 'first byte of a snapshot with 200 open, p99', unit: 'ms', must: '< 20' }],
    ),
  slot: async () => slotRows(PASSES),
  bundles: async () => bundleRows(),
};

/** The highest of growing rates at which every event still arrives within 100 ms at the 99th percentile. */
async function highestRate(agents: number): Promise<number> {
  return onStage({ agents, groupSize: 20, devices: 1 }, async ({ measure }) => {
    let best = 0;
    let first = 0;
    for (const rate of [
      100, 200, 400, 600, 800, 1_000, 1_250, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000,
    ]) {
      const { p99 } = await measure('live', { rate, seconds: 3, first });
      first += rate * 3;
      if (!(p99! < 100)) break;
      best = rate;
    }
    return best;
  });
}

const wanted = flags.only?.split(',') ?? Object.keys(SECTIONS);
const rows: Row[] = [];
for (const name of wanted) {
  const section = SECTIONS[name];
  if (!section) throw new Error(`There is no ${name}; there are ${Object.keys(SECTIONS).join(', ')}.`);
  rows.push(...(await section()));
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${
  pinned ? 'server and load client on a processor each' : 'not pinned'
}, ${PASSES} ${PASSES === 1 ? 'pass' : 'passes'}`;
const table = markdown(rows);
console.log(`\n${machine}\n\n${table}`);
if (flags.write) {
  writeFileSync(DOCUMENT, `# Performance\n\nMade by \`npm run bench -- --write\` on ${machine}.\n\n${table}\n`);
}
