/**
 * The load client, a process of its own so that it can have a processor of its own: opens the streams, sends the
 * events and reads the arrival times itself. Fails if anything is lost or comes twice.
 */
import { once } from 'node:events';
import { percentile } from '../support/figures.ts';
import { openAudience } from './audience.ts';
import { coarsePolling } from './coarse-polling.ts';
import { meter } from './processor-time.ts';
import { type Protocol, protocolOf, type Target, type Teams } from './protocol.ts';
import { highestRate } from './rate-search.ts';
import { openSender, type Sender } from './sending.ts';
import { openLine } from './sockets.ts';

export interface Job {
  target: Target;
  /** The server's processes, to tell how much processor time they use. */
  pids: number[];
  teams: Teams;
  /** What to measure; see the functions below. */
  measure: keyof typeof MEASURES;
  numbers: Record<string, number>;
}

/** What came of it, by name. Times in milliseconds unless the name says otherwise. */
export type Figures = Record<string, number>;

interface Context {
  job: Job;
  protocol: Protocol;
  numbers: Record<string, number>;
}

/** A second; from here on half a millisecond matters less than what it saves. */
const MANY_DELIVERIES = 4_000;

/** How long the last arrival of a burst may take before it counts as lost. */
const LOST_MS = 30_000;

async function withSender<Result>({ protocol }: Context, work: (sender: Sender) => Promise<Result>): Promise<Result> {
  const sender = await openSender(protocol.publishPort);
  try {
    return await work(sender);
  } finally {
    sender.close();
  }
}

/** Durable signed ingest, each connection sending as fast as it is answered; nobody listens. */
async function ingest(context: Context): Promise<Figures> {
  const { events = 20_000, conversations = 2_000, teams = 20 } = context.numbers;
  const publications = Array.from({ length: events }, (_, n) => {
    const conversation = n % conversations;
    return context.protocol.event(n, conversation % teams, `in-${conversation}`);
  });
  return withSender(context, async (sender) => {
    const used = meter(context.job.pids);
    const began = performance.now();
    const took = await sender.flat(publications);
    const seconds = (performance.now() - began) / 1000;
    const { server, client } = used.end();
    return {
      perSecond: events / seconds,
      p50: percentile(took, 0.5),
      p99: percentile(took, 0.99),
      serverMicros: (server * 1e6) / events,
      client,
    };
  });
}

/** Events at a steady rate to one team after the other: from sent to arrival, for every arrival. */
async function live(context: Context): Promise<Figures> {
  const { streams = 1_000, rate = 50, seconds = 5 } = context.numbers;
  const audience = await openAudience(context.protocol, streams);
  try {
    return await withSender(context, (sender) => burst(context, audience, sender, { rate, seconds, first: 0 }));
  } finally {
    audience.close();
  }
}

async function burst(
  { job, protocol }: Context,
  audience: Awaited<ReturnType<typeof openAudience>>,
  sender: Sender,
  { rate, seconds, first }: { rate: number; seconds: number; first: number },
): Promise<Figures> {
  const { size } = job.teams;
  const teams = audience.size / size;
  const events = Math.max(1, Math.round(rate * seconds));
  // A conversation for each, so that every event begins a notification, as a new chat does.
  const publications = Array.from({ length: events }, (_, k) =>
    protocol.event(first + k, k % teams, `live-${first + k}`),
  );
  const arrivals = audience.expect({ first, events, size, teams });
  const used = meter(job.pids);
  const run = async (): Promise<void> => {
    await sender.paced(publications, rate, (k, at) => {
      arrivals.sentAt[k] = at;
    });
    await arrivals.all(LOST_MS);
  };
  await (rate * size > MANY_DELIVERIES ? coarsePolling(run) : run());
  const { server, client } = used.end();
  return {
    p50: arrivals.percentile(0.5),
    p99: arrivals.percentile(0.99),
    serverMicros: (server * 1e6) / events,
    client,
  };
}

/** The highest rate at which every event still arrives within 100 ms at the 99th percentile. */
async function search(context: Context): Promise<Figures> {
  const { streams = 1_000, seconds = 3 } = context.numbers;
  const audience = await openAudience(context.protocol, streams);
  let first = 0;
  try {
    return await withSender(context, (sender) =>
      highestRate(async (rate) => {
        const step = await burst(context, audience, sender, { rate, seconds, first });
        first += Math.max(1, Math.round(rate * seconds));
        return step;
      }),
    );
  } finally {
    audience.close();
  }
}

/** One event after the other to a single team of all: until its last arrival. */
async function team(context: Context): Promise<Figures> {
  const { streams = 10_000, events = 5 } = context.numbers;
  const { protocol, job } = context;
  const audience = await openAudience(protocol, streams);
  try {
    return await withSender(context, async (sender) => {
      const lasts: number[] = [];
      const used = meter(job.pids);
      // The first goes through code that never ran before, and is not counted.
      for (let n = 0; n <= events; n += 1) {
        const arrivals = audience.expect({ first: n, events: 1, size: streams, teams: 1 });
        const publication = protocol.event(n, 0, `all-${n}`);
        await coarsePolling(async () => {
          await sender.paced([publication], 1, (_, at) => {
            arrivals.sentAt[0] = at;
          });
          await arrivals.all(LOST_MS);
        });
        if (n > 0) lasts.push(...arrivals.lasts());
      }
      const { server, client } = used.end();
      return { last: percentile(lasts, 0.5), serverMicros: (server * 1e6) / (events + 1), client };
    });
  } finally {
    audience.close();
  }
}

/** Streams that only wait, while the process that started this one looks at the server's memory. */
async function idle({ protocol, numbers }: Context): Promise<Figures> {
  const { streams = 10_000 } = numbers;
  const audience = await openAudience(protocol, streams);
  process.send?.('holding');
  await once(process, 'message');
  audience.close();
  return { streams };
}

/** All devices come back at once, each with so many events missed. */
async function reconnect(context: Context): Promise<Figures> {
  const { streams = 10_000, missed = 10 } = context.numbers;
  const { protocol, job } = context;
  const teams = streams / job.teams.size;
  const each = (first: number, word: string) =>
    Array.from({ length: teams }, (_, index) => protocol.event(first + index, index, `${word}-${first + index}`));

  const before = await openAudience(protocol, streams, { keepCursors: true });
  return withSender(context, async (sender) => {
    // One event for each first, for only with it nchan gives a cursor to come back with.
    const arrivals = before.expect({ first: 0, events: teams, size: job.teams.size, teams });
    await sender.flat(each(0, 'first'));
    await arrivals.all(LOST_MS);
    const cursors = before.cursors();
    before.close();
    for (let round = 1; round <= missed; round += 1) await sender.flat(each(round * teams, 'missed'));

    const used = meter(job.pids);
    const began = performance.now();
    const back = await coarsePolling(() => openAudience(protocol, streams, { cursors, missed }));
    const seconds = (performance.now() - began) / 1000;
    const { server, client } = used.end();
    const { missedArrived } = back;
    back.close();
    if (missedArrived !== streams * missed)
      throw new Error(`${missedArrived} missed events came instead of ${streams * missed}`);
    return { seconds, serverMicros: (server * 1e6) / streams, client };
  });
}

/** From the request of a stream without a cursor to the first byte of its snapshot. */
async function snapshot(context: Context): Promise<Figures> {
  const { open = 200, times = 200 } = context.numbers;
  const { protocol } = context;
  await withSender(context, (sender) =>
    sender.flat(Array.from({ length: open }, (_, k) => protocol.event(k, 0, `open-${k}`))),
  );
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) took.push(await firstByte(protocol));
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
}

const SNAPSHOT = Buffer.from('event: snapshot');

async function firstByte(protocol: Protocol): Promise<number> {
  const come = Promise.withResolvers<number>();
  const socket = await openLine(
    protocol.subscribePort,
    (bytes, length) => {
      const at = bytes.indexOf(SNAPSHOT);
      if (at >= 0 && at < length) come.resolve(performance.now());
    },
    () => come.reject(new Error('a stream broke')),
  );
  const began = performance.now();
  socket.write(protocol.subscribe(0, null));
  const took = (await come.promise) - began;
  socket.destroy();
  return took;
}

const MEASURES = { ingest, live, search, team, idle, reconnect, snapshot };

process.once('message', async (job: Job) => {
  try {
    const context = { job, protocol: protocolOf(job.target, job.teams), numbers: job.numbers };
    process.send?.({ figures: await MEASURES[job.measure](context) });
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
});
