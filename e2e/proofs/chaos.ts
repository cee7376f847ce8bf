/**
 * Under load, the server is killed, restarted and frozen, and devices lose their lines and stop reading, at random
 * moments. Then everything that was answered 202 must be in the store once, and every device must have what the
 * store has, have been told of each chat once, and never have needed a fresh snapshot.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createDevice, type Device } from '../support/device.ts';
import { createRandom, SEED } from '../support/random.ts';
import { seedBusiness, tempEnvironment } from '../support/seed.ts';
import { createSender } from '../support/sender.ts';
import { serverProcess } from '../support/server-process.ts';
import { beginProof, firstError, type Proof } from './proof.ts';
import { allNotifications, difference, storedIn } from './verify.ts';
import { anything, onlyMessage, reply } from './workload.ts';

const WORKERS = 16;
/** Between two events of a worker, in milliseconds: leaves the machine time for everything else. */
const BREATH_MS = 25;
const BACK_MS = 20_000;

const FAULTS = ['kill', 'cut', 'stall', 'kill', 'freeze', 'restart'] as const;

const { chance, below: upTo } = createRandom();

export async function chaos(seconds: number): Promise<Proof> {
  const proof = beginProof();
  const place = tempEnvironment();
  const server = await serverProcess(place.env);
  const business = await seedBusiness(place, { id: 'chaos', agents: 20, groupSize: 5, devices: 2 });
  const sender = createSender(() => server.origin, business);
  const devices = business.agents.flatMap(({ id, tokens }) =>
    tokens.map((token) => ({
      agentId: id,
      token,
      device: createDevice({ origin: () => server.origin, token, stays: true }),
    })),
  );
  try {
    await server.start();
    for (const { device } of devices) device.connect();
    await Promise.all(devices.map(({ device }) => device.until(({ live }) => live, 'its first snapshot')));

    const ends = Date.now() + seconds * 1000;
    const counted: { chatId: string; groupId: string; replied: boolean }[] = [];
    const sent = new Set<string>();
    let repeats = 0;
    let events = 0;
    let undelivered = 0;
    let wronglyNew = 0;

    const deliver = async (event: Parameters<typeof sender.deliver>[0]): Promise<void> => {
      events += 1;
      const id = `chaos-${events}`;
      sent.add(id);
      if (!(await sender.deliver(event, id))) undelivered += 1;
      if (!chance(0.1)) return;
      repeats += 1;
      const again = await sender.post(event, id).catch(() => null);
      if (again?.status === 202 && again.body.duplicate !== true) wronglyNew += 1;
    };
    const work = async (): Promise<void> => {
      while (Date.now() < ends) {
        const group = business.groups[upTo(business.groups.length)]!;
        if (chance(0.4)) {
          await deliver(anything(business, events));
        } else {
          const chat = { chatId: `chat-${counted.length}`, groupId: group.id, replied: false };
          counted.push(chat);
          await deliver(onlyMessage(chat.groupId, chat.chatId));
          if (chance(0.3)) {
            chat.replied = true;
            await deliver(reply(chat.chatId, group.agentIds[0]!));
          }
        }
        await delay(upTo(2 * BREATH_MS));
      }
    };

    const faults = { kill: 0, restart: 0, freeze: 0, cut: 0, stall: 0 };
    const disturb = async (): Promise<void> => {
      for (let round = 0; ; round += 1) {
        await delay(200 + upTo(900));
        if (Date.now() >= ends) return;
        // In turn, so that a short run has each of them; their moments are random.
        const kind = FAULTS[round % FAULTS.length]!;
        const some = devices.filter(() => chance(0.5)).map(({ device }) => device);
        faults[kind] += kind === 'cut' || kind === 'stall' ? some.length : 1;
        if (kind === 'kill' || kind === 'restart') {
          await server.stop(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
          await server.start();
        } else if (kind === 'freeze') {
          server.signal('SIGSTOP');
          await delay(upTo(700));
          server.signal('SIGCONT');
        } else if (kind === 'cut') {
          for (const device of some) device.cut();
        } else {
          for (const device of some) device.stall();
          setTimeout(() => some.forEach((device) => void device.resume()), upTo(1500));
        }
      }
    };
    const began = Date.now();
    await Promise.all([disturb(), ...Array.from({ length: WORKERS }, work)]);
    const took = (Date.now() - began) / 1000;

    for (const { device } of devices) device.resume();
    const differences = (
      await Promise.all(
        devices.map(async ({ token, agentId, device }) => {
          const found = await difference(device, await allNotifications(server.origin, token), BACK_MS);
          return found === null ? [] : [`a device of ${agentId} ${found}`];
        }),
      )
    ).flat();
    for (const { device } of devices) device.close();
    await server.stop();

    const { events: stored, entries, integrity } = storedIn(place.databaseFile, business.id);
    const lost = [...sender.acknowledged].filter((id) => !stored.has(id));
    // Each event is one entry of its chat, and each entry came of one event.
    const halves = Math.max(0, sent.size - entries.length);
    const twice = Math.max(0, entries.length - sent.size) + wronglyNew;
    const telling = devices.map(({ agentId, device }) => tellingOf(device, business.groups, counted, agentId));
    const untold = telling.reduce((sum, { untold }) => sum + untold, 0);
    const toldTwice = telling.reduce((sum, { twice }) => sum + twice, 0);
    const revisions = devices.reduce((sum, { device }) => sum + device.told.length, 0);

    Object.assign(proof.figures, {
      seed: SEED,
      seconds: Math.round(took),
      devices: devices.length,
      'faults: server killed / restarted / frozen': `${faults.kill} / ${faults.restart} / ${faults.freeze}`,
      'faults: lines cut / readers stalled': `${faults.cut} / ${faults.stall}`,
      'events sent': `${events} (${Math.round(events / took)}/s), ${repeats} of them again`,
      'tries unanswered (server away)': sender.answers.none ?? 0,
      'events answered 202, each id once': sender.acknowledged.size,
      'events in the store': [...stored].filter((id) => sent.has(id)).length,
      'toasts due on devices': revisions,
      reconnections: devices.reduce((sum, { device }) => sum + device.counts.connections - 1, 0),
      'events lost': lost.length + halves,
      'events applied twice': twice,
      'chats a device was not told of': untold,
      'chats a device was told of twice': toldTwice,
      'devices that differ from the store': differences.length,
    });
    proof.expect(`no acknowledged event is lost (${lost.slice(0, 3)})`, lost.length + halves === 0);
    proof.expect('no event is applied twice', twice === 0);
    proof.expect('every event is taken in the end', undelivered === 0 && sender.acknowledged.size === sent.size);
    proof.expect('every device is told of each chat', untold === 0);
    proof.expect('no device is told of a chat twice', toldTwice === 0);
    proof.expect(`every device has what the store has: ${differences[0]}`, differences.length === 0);
    proof.expect(
      'no device sees a gap',
      devices.every(({ device }) => device.counts.snapshots === 1),
    );
    const wrong = devices.flatMap(({ device }) => device.wrong);
    proof.expect(`no stream repeats or goes back: ${wrong[0]}`, wrong.length === 0);
    proof.expect('the store is whole', integrity === 'ok');
    proof.expect('the server was killed', faults.kill > 0 || seconds < 5);
    const error = firstError(server.log);
    proof.expect(`no error is logged: ${error}`, error === null);
    return proof;
  } finally {
    for (const { device } of devices) device.close();
    sender.close();
    await server.stop('SIGKILL');
    place.remove();
  }
}

/** Of the chats with one message, of which an agent must be told exactly once, or not at all if it was answered first. */
function tellingOf(
  { told, bell }: Device,
  groups: { id: string; agentIds: string[] }[],
  counted: { chatId: string; groupId: string; replied: boolean }[],
  agentId: string,
): { untold: number; twice: number } {
  const times = new Map<string, number>();
  for (const { conversationId } of told) times.set(conversationId, (times.get(conversationId) ?? 0) + 1);
  const shown = new Set([...bell.values()].map(({ conversation }) => conversation.id));
  const mine = new Set(groups.filter(({ agentIds }) => agentIds.includes(agentId)).map(({ id }) => id));
  let untold = 0;
  let twice = 0;
  for (const { chatId, groupId, replied } of counted) {
    const count = times.get(chatId) ?? 0;
    if (!mine.has(groupId)) {
      if (count > 0 || shown.has(chatId)) twice += 1;
      continue;
    }
    if (count > 1) twice += 1;
    if ((count === 0 && !replied) || !shown.has(chatId)) untold += 1;
  }
  return { untold, twice };
}
