/** What is measured at the server, ours and the peer alike: how each row is run, and what it must be. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Harness } from './harness.ts';
import type { Figures } from './load.ts';
import { EVERYBODY, SMALL_TEAM_COUNT, smallTeams, TEAMS_OF_20 } from './population.ts';
import type { Row } from './table.ts';

export interface Sizes {
  /** Streams of the larger rows. */
  many: number;
  /** Takes fewer events and shorter steps. */
  quick: boolean;
}

/** One run that gives one or more rows. */
export interface Measurement {
  name: string;
  /** Whether nchan can do it too. */
  peer: boolean;
  run(harness: Harness, sizes: Sizes): Promise<Figures>;
  rows: (Omit<Row, 'ours' | 'nchan' | 'year'> & { figure: string; scale?: number })[];
}

/** How long idle streams are held before their memory is looked at, which is what takes the time here. */
const IDLE_MS = 10_000;

const serverTime = (per: string) => ({ what: `… server's processor time a${per}`, unit: 'µs', figure: 'serverMicros' });
const clientShare = { what: '… load client, share of its processor', unit: '%', figure: 'client', scale: 100 };

const ingestOf = (size: 1 | 5 | 20): Measurement => ({
  name: `ingest${size === 5 ? '' : size}`,
  peer: false,
  run: (harness, { quick }) =>
    harness.measure('ingest', size === 20 ? TEAMS_OF_20 : smallTeams(size), {
      events: quick ? 5_000 : 40_000,
      teams: SMALL_TEAM_COUNT,
    }),
  rows: [
    {
      what: `durable signed ingest, 50 connections, no stream open, ${size === 1 ? 'an agent' : `a team of ${size}`} told of each`,
      unit: 'events/s',
      figure: 'perSecond',
      ...(size === 5 && { must: { is: '≥', value: 10_000 }, ambition: { is: '≥', value: 20_000 } }),
    },
    {
      what: '… p99 from request to answer',
      unit: 'ms',
      figure: 'p99',
      ...(size === 5 && { must: { is: '<', value: 20 }, ambition: { is: '<', value: 10 } }),
    },
    serverTime('n event'),
    clientShare,
  ],
});

const rateOf = (name: string, streams: (sizes: Sizes) => number, what: string): Measurement => ({
  name,
  peer: true,
  run: (harness, sizes) =>
    harness.measure('search', TEAMS_OF_20, { streams: streams(sizes), seconds: sizes.quick ? 1.5 : 3 }),
  rows: [
    {
      what,
      unit: 'events/s',
      figure: 'rate',
      must: { is: '≥', value: 0.6, ofNchan: true },
      ambition: { is: '≥', value: 1, ofNchan: true },
    },
    { what: '… p99 at that rate', unit: 'ms', figure: 'p99' },
    serverTime('n event at that rate'),
    clientShare,
    {
      what: '… the same at the lowest rate not held',
      unit: '%',
      figure: 'clientAtLimit',
      scale: 100,
    },
  ],
});

const count = (n: number): string => n.toLocaleString('en');

export const serverMeasurements = ({ many }: Sizes): Measurement[] => [
  {
    name: 'idle',
    peer: true,
    async run(harness, { many: streams, quick }) {
      const before = harness.memory();
      let held = Number.NaN;
      await harness.measure('idle', TEAMS_OF_20, { streams }, async () => {
        await delay(quick ? IDLE_MS / 5 : IDLE_MS);
        held = harness.memory();
      });
      return { kibibytes: (held - before) / streams };
    },
    rows: [
      {
        what: `idle stream, ${count(many)} open: server memory a stream`,
        unit: 'KiB',
        figure: 'kibibytes',
        must: { is: '≤', value: 1.2, ofNchan: true },
        ambition: { is: '≤', value: 6 },
      },
    ],
  },
  rateOf('rate', () => 1_000, 'events/s to 20 streams each at p99 < 100 ms, 1,000 streams'),
  rateOf('rateMany', (sizes) => sizes.many, `the same, ${count(many)} streams`),
  {
    name: 'team',
    peer: true,
    run: (harness, { many: streams }) => harness.measure('team', { ...EVERYBODY, size: streams }, { streams }),
    rows: [
      {
        what: `one event to a team of ${count(many)}: last arrival`,
        unit: 'ms',
        figure: 'last',
        must: { is: '≤', value: 3, ofNchan: true },
        ambition: { is: '≤', value: 1.5, ofNchan: true },
      },
      serverTime('n event'),
      clientShare,
    ],
  },
  {
    name: 'reconnect',
    peer: true,
    run: (harness, { many: streams }) => harness.measure('reconnect', TEAMS_OF_20, { streams, missed: 10 }),
    rows: [
      {
        what: `${count(many)} reconnect with 10 missed events each, until all have caught up`,
        unit: 's',
        figure: 'seconds',
        must: { is: '≤', value: 1, ofNchan: true },
        ambition: { is: '≤', value: 0.333, ofNchan: true },
      },
      serverTime(' stream'),
      clientShare,
    ],
  },
  ingestOf(5),
  ingestOf(1),
  ingestOf(20),
  {
    name: 'snapshot',
    peer: false,
    run: (harness, { quick }) => harness.measure('snapshot', smallTeams(5), { open: 200, times: quick ? 100 : 300 }),
    rows: [
      {
        what: 'first byte of a snapshot with 200 open notifications, p99',
        unit: 'ms',
        figure: 'p99',
        must: { is: '<', value: 20 },
        ambition: { is: '<', value: 5 },
      },
    ],
  },
  {
    name: 'light',
    peer: true,
    run: (harness, { quick }) =>
      harness.measure('live', TEAMS_OF_20, { streams: 1_000, rate: 50, seconds: quick ? 3 : 10 }),
    rows: [
      {
        what: '1,000 streams, 50 events/s to 20 each: POST sent to arrival, p50',
        unit: 'ms',
        figure: 'p50',
        must: { is: '≤', value: 5 },
      },
      { what: '… p99', unit: 'ms', figure: 'p99', must: { is: '≤', value: 25 }, ambition: { is: '≤', value: 10 } },
      serverTime('n event'),
    ],
  },
];
