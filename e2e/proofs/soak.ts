/**
 * Steady load for as long as one likes: devices that come and go, devices that stop reading for good with much to
 * read, and the server's memory watched. It must not grow with time, and what nobody reads must not pile up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createDevice } from '../support/device.ts';
import { createRandom } from '../support/random.ts';
import { seedBusiness, tempEnvironment } from '../support/seed.ts';
import { createSender } from '../support/sender.ts';
import { serverProcess } from '../support/server-process.ts';
import { beginProof, firstError, type Proof } from './proof.ts';
import { allNotifications, difference, storedIn } from './verify.ts';
import { onlyMessage, reply } from './workload.ts';

/**
 * Chats that wait for a device which begins from nothing: some 13 MB, more than the system itself takes for a reader
 * that does not read, and not so many that the device would get a snapshot instead. A short run is over before any
 * stream is ended, and needs no more than a few batches.
 */
const BACKLOG = { long: 4_800, short: 1_500 };
/** Three bytes each. */
const LONG = { text: '€'.repeat(500), name: '€'.repeat(200) };
/** Devices that ask for all that and read none of it. */
const STALLED = 50;
const EVENTS_A_SECOND = 50;
/** A reader that takes nothing loses its stream after 30 s; then this much longer. */
const SLOW_ENDS_S = 45;
/** MiB that the stalled readers together may cost: a batch of a hundred notifications each, and the process's own ups and downs. */
const STALLED_MAY_COST = 120;

export async function soak(seconds: number): Promise<Proof> {
  const random = createRandom();
  const proof = beginProof();
  const place = tempEnvironment();
  const server = await serverProcess(place.env);
  const business = await seedBusiness(place, { id: 'soak', agents: 20, groupSize: 5, devices: STALLED });
  const sender = createSender(() => server.origin, business);
  const [full = [], ...teams] = business.groups.map(({ agentIds }) =>
    business.agents.filter(({ id }) => agentIds.includes(id)),
  );
  const one = (token: string) => createDevice({ origin: () => server.origin, token, stays: true });
  const steady = teams.flat().map(({ tokens }) => ({ token: tokens[0]!, device: one(tokens[0]!) }));
  const stalled = (full[0]?.tokens ?? []).map((token) => createDevice({ origin: () => server.origin, token }));
  const everyone = [...steady.map(({ device }) => device), ...stalled];
  try {
    await server.start();
    const burst = Array.from(
      { length: seconds >= SLOW_ENDS_S ? BACKLOG.long : BACKLOG.short },
      (_, n) => `backlog-${n}`,
    );
    await Promise.all(
      burst.map((chatId) => sender.deliver(onlyMessage('group-0', chatId, LONG.text, LONG.name), chatId)),
    );
    for (const { device } of steady) device.connect();
    await Promise.all(steady.map(({ device }) => device.until(({ live }) => live, 'its first snapshot')));
    await delay(500);
    const before = server.memory() ?? 0;
    for (const device of stalled) {
      device.connect('0');
      void device
        .until(({ counts }) => counts.connections === 1, 'an answer')
        .then(
          () => device.stall(),
          () => {},
        );
    }

    const ends = Date.now() + seconds * 1000;
    const memory: number[] = [];
    let events = 0;
    let cuts = 0;
    const load = async (): Promise<void> => {
      while (Date.now() < ends) {
        const chatId = `soak-${events}`;
        const group = business.groups[1 + (events % teams.length)]!;
        events += 1;
        await sender.deliver(onlyMessage(group.id, chatId), chatId);
        if (events % 2 === 0) await sender.deliver(reply(chatId, group.agentIds[0]!), `${chatId}-reply`);
        await delay(1000 / EVENTS_A_SECOND);
      }
    };
    const comeAndGo = async (): Promise<void> => {
      while (Date.now() < ends) {
        await delay(250);
        random.pick(steady).device.cut();
        cuts += 1;
      }
    };
    const watch = async (): Promise<void> => {
      while (Date.now() < ends) {
        await delay(Math.min(1000, seconds * 50));
        memory.push(server.memory() ?? 0);
      }
    };
    await Promise.all([load(), comeAndGo(), watch()]);

    const differences: string[] = [];
    for (const { token, device } of steady) {
      const found = await difference(device, await allNotifications(server.origin, token), 20_000);
      if (found !== null) differences.push(found);
    }
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
    const slow = metric('converso_stream_goodbyes_total\\{reason="slow"\\}');
    const quarter = Math.ceil(memory.length / 4);
    const average = (values: number[]): number =>
      Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
    const [early, late] = [average(memory.slice(quarter, 2 * quarter)), average(memory.slice(-quarter))];
    const peak = Math.max(...memory);
    for (const device of everyone) device.close();
    await server.stop('SIGKILL');
    const { events: stored } = storedIn(place.databaseFile, business.id);
    const lost = [...sender.acknowledged].filter((id) => !stored.has(id)).length;
    const toldTwice = steady.filter(
      ({ device }) => new Set(device.told.map((told) => told.conversationId)).size < device.told.length,
    );

    Object.assign(proof.figures, {
      seconds: seconds,
      'devices that come and go': steady.length,
      'lines lost': cuts,
      reconnections: steady.reduce((sum, { device }) => sum + device.counts.connections - 1, 0),
      'events answered 202': sender.acknowledged.size,
      'events lost': lost,
      'devices told of a chat twice': toldTwice.length,
      'devices that differ from the store': differences.length,
      'stalled readers': stalled.length,
      'of them ended as slow': slow,
      'memory without stalled readers, MiB': before,
      'memory at the most, MiB': peak,
      'memory early and late, MiB': `${early} / ${late}`,
      'event loop lag p99, ms': (metric('nodejs_eventloop_lag_p99_seconds') * 1000).toFixed(1),
    });
    proof.expect('no acknowledged event is lost', lost === 0);
    proof.expect('no device is told twice', toldTwice.length === 0);
    proof.expect(`every device has what the store has: ${differences[0]}`, differences.length === 0);
    proof.expect('stalled readers cost bounded memory', peak - before <= STALLED_MAY_COST);
    proof.expect('memory does not grow with time', seconds < 60 || late <= early * 1.2 + 10);
    if (seconds >= SLOW_ENDS_S) proof.expect('every stalled reader is ended', slow === stalled.length);
    else proof.skipped.push(`stalled readers are ended after 30 s, and this ran for ${seconds} s`);
    const error = firstError(server.log);
    proof.expect(`no error is logged: ${error}`, error === null);
    return proof;
  } finally {
    for (const device of everyone) device.close();
    sender.close();
    await server.stop('SIGKILL');
    place.remove();
  }
}
