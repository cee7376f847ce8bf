/**
 * The load client, a process of its own so that it can have a processor of its own: opens the streams, sends the
 * events and reads the arrival times itself. Fails if anything is lost or comes twice.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededBusiness } from '../proofs/seed.ts';
import { messageRequest } from './events.ts';
import { percentile } from './figures.ts';
import { openPostLine, openStream } from './sockets.ts';

export interface Job {
  port: number;
  business: SeededBusiness;
  /** What to measure; see the functions below. */
  measure: keyof typeof MEASURES;
  numbers: Record<string, number>;
}

const CONNECTIONS = 50;
/** Connections that are being opened at once. */
const OPENING = 200;

const targetOf = ({ business }: Job) => ({ businessId: business.id, secret: business.secret });

/** Runs `work` on all items, so many at a time. */
async function eachOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

const tokensOf = ({ business }: Job): string[] => business.agents.flatMap(({ tokens }) => tokens);

async function taken(posting: Promise<number>): Promise<void> {
  const status = await posting;
  if (status !== 202) throw new Error(`an event was answered ${status}`);
}

/** Durable signed ingest over 50 connections, each sending as fast as it is answered. */
async function ingest(job: Job): Promise<Record<string, number>> {
  const { events = 20_000, conversations = 2_000 } = job.numbers;
  const { groups } = job.business;
  const requests = Array.from({ length: events }, (_, n) => {
    const conversation = n % conversations;
    return messageRequest(targetOf(job), n, {
      id: `in-${conversation}`,
      groupId: groups[conversation % groups.length]!.id,
    });
  });
  const lines = await Promise.all(Array.from({ length: CONNECTIONS }, () => openPostLine(job.port)));
  const latencies: number[] = [];
  const began = performance.now();
  await Promise.all(
    lines.map(async (line, offset) => {
      for (let n = offset; n < requests.length; n += lines.length) {
        const sent = performance.now();
        await taken(line.post(requests[n]!));
        latencies.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const line of lines) line.close();
  return { perSecond: events / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Opens all streams and counts what arrives on each. */
async function audience(job: Job) {
  const seen: Map<number, number>[] = [];
  const arrivals: { n: number; at: number }[] = [];
  const streams = await eachOf(tokensOf(job), OPENING, async (token) => {
    const mine = new Map<number, number>();
    seen.push(mine);
    const stream = await openStream(job.port, token, (n) => {
      mine.set(n, (mine.get(n) ?? 0) + 1);
      arrivals.push({ n, at: performance.now() });
    });
    await stream.caughtUp;
    return stream;
  });
  const close = (): void => {
    for (const stream of streams) stream.close();
  };
  return { streams, seen, arrivals, close };
}

/** Events at a steady rate, each to one group's devices: from POST sent to arrival, for every arrival. */
async function live(job: Job): Promise<Record<string, number>> {
  const { rate = 50, seconds = 5, first = 0 } = job.numbers;
  const { groups, agents } = job.business;
  const { streams, seen, arrivals, close } = await audience(job);
  const devices = streams.length / agents.length;
  const lines = await Promise.all(Array.from({ length: CONNECTIONS }, () => openPostLine(job.port)));
  const free = [...lines];
  const events = Math.round(rate * seconds);
  const requests = Array.from({ length: events }, (_, k) => {
    const group = groups[k % groups.length]!;
    // A conversation a group and round, so that each event begins a notification, as a new chat does.
    return { group, bytes: messageRequest(targetOf(job), first + k, { id: `live-${first}-${k}`, groupId: group.id }) };
  });
  const sentAt: number[] = [];
  const posting: Promise<void>[] = [];
  const began = performance.now();
  let behind = 0;
  for (let k = 0; k < events; k += 1) {
    const due = began + (k * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await delay(early);
    while (free.length === 0) {
      behind += 1;
      await Promise.race(posting.slice(-CONNECTIONS));
    }
    const line = free.pop()!;
    // From when it was due: a queue that builds up here is the server's doing.
    sentAt[first + k] = due;
    posting.push(
      taken(line.post(requests[k]!.bytes)).then(() => {
        free.push(line);
      }),
    );
  }
  await Promise.all(posting);
  const expected = requests.reduce((sum, { group }) => sum + group.agentIds.length * devices, 0);
  const deadline = performance.now() + 10_000;
  while (arrivals.length < expected && performance.now() < deadline) await delay(20);
  close();
  for (const line of lines) line.close();
  if (arrivals.length !== expected) throw new Error(`${arrivals.length} arrivals instead of ${expected}`);
  if (seen.some((mine) => [...mine.values()].some((times) => times > 1))) throw new Error('an event came twice');
  const latencies = arrivals.map(({ n, at }) => at - sentAt[n]!);
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    last: percentile(latencies, 1),
    behind,
  };
}

/** Streams that only wait; the other process looks at the server's memory. */
async function idle(job: Job): Promise<Record<string, number>> {
  const { streams, close } = await audience(job);
  process.send?.('holding');
  await new Promise((resolve) => process.once('message', resolve));
  close();
  return { streams: streams.length };
}

/** All devices come back at once, each with so many events missed. */
async function reconnect(job: Job): Promise<Record<string, number>> {
  const { missed = 10 } = job.numbers;
  const before = await audience(job);
  const cursors = before.streams.map((stream) => stream.id());
  before.close();
  const line = await openPostLine(job.port);
  let n = 0;
  for (const group of job.business.groups) {
    for (let k = 0; k < missed; k += 1) {
      await taken(line.post(messageRequest(targetOf(job), n++, { id: `missed-${group.id}-${k}`, groupId: group.id })));
    }
  }
  line.close();
  let arrivals = 0;
  const began = performance.now();
  const streams = await Promise.all(
    tokensOf(job).map(async (token, index) => {
      const stream = await openStream(job.port, token, () => void arrivals++, cursors[index] ?? null);
      await stream.caughtUp;
      return stream;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const stream of streams) stream.close();
  const expected = streams.length * missed;
  if (arrivals !== expected) throw new Error(`${arrivals} missed events came instead of ${expected}`);
  return { seconds };
}

/** From the request of a stream without a cursor to the first byte of its snapshot. */
async function snapshot(job: Job): Promise<Record<string, number>> {
  const { open = 200, times = 100 } = job.numbers;
  const line = await openPostLine(job.port);
  const [group] = job.business.groups;
  for (let k = 0; k < open; k += 1)
    await taken(line.post(messageRequest(targetOf(job), k, { id: `open-${k}`, groupId: group!.id })));
  line.close();
  const agent = job.business.agents.find(({ id }) => group!.agentIds.includes(id))!;
  const latencies: number[] = [];
  for (let k = 0; k < times; k += 1) {
    const began = performance.now();
    const stream = await openStream(job.port, agent.tokens[0]!, () => undefined);
    latencies.push((await stream.firstByte) - began);
    stream.close();
  }
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

const MEASURES = { ingest, live, idle, reconnect, snapshot };

process.once('message', async (job: Job) => {
  try {
    process.send?.({ result: await MEASURES[job.measure](job) });
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
});
