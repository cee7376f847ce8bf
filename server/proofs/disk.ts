/**
 * A store that cannot write: the disk runs full while events come in, and a store that is read-only from the
 * start. Refusals are 503 with `Retry-After`, nothing that was acknowledged is lost, streams stay, and once there
 * is room again the sender's next tries are taken.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { createDevice } from './device.ts';
import { beginProof, type Proof } from './proof.ts';
import { allNotifications, difference, storedIn } from './reckoning.ts';
import { premises, seedBusiness } from './seed.ts';
import { createSender } from './sender.ts';
import { serverProcess } from './server-process.ts';
import { onlyMessage } from './story.ts';

/** MiB; a store with its log needs about one to begin with. */
const SMALL = 4;
const LARGE = 256;
const EVENTS = 60;
/** Sessions of each agent that are used for the first time while the disk is full, one after the other. */
const SESSIONS = 20;

const isRoot = (): boolean => process.getuid?.() === 0;

/** A file system of that size, or the reason why there can be none. */
function smallDisk(): { folder: string; fill(): void; grow(): void; remove(): void } | string {
  if (process.platform !== 'linux' || !isRoot()) return 'a full disk needs root on Linux, to mount a small tmpfs';
  const folder = mkdtempSync(join(tmpdir(), 'converso-disk-'));
  const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${SMALL}m`, 'tmpfs', folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    return `a full disk needs a tmpfs, and it could not be mounted (${(error as Error).message.trim().split('\n').at(-1)})`;
  }
  return {
    folder,
    fill(): void {
      // As large a piece as fits, then smaller ones.
      for (let bytes = 1 << 20; bytes >= 1 << 10; bytes /= 2) fillWith(join(folder, 'other'), bytes);
    },
    grow: () => mount('-o', `remount,size=${LARGE}m`, folder),
    remove(): void {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Makes every session one whose next use is due to be noted, as it is a minute after the last. */
function noteAllUses(databaseFile: string): void {
  const client = new SQLite(databaseFile);
  client.exec('UPDATE sessions SET last_used_at = last_used_at - 120000');
  client.close();
}

/** Appends pieces of that size until one does not fit. */
function fillWith(file: string, bytes: number): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** @param seconds at most this long until the disk is full, and at least this long in all, so that sessions in use are due to be noted (after a minute) */
export async function disk(seconds: number): Promise<Proof> {
  const proof = beginProof();
  await fullDisk(proof, seconds);
  await readOnly(proof);
  return proof;
}

async function fullDisk(proof: ReturnType<typeof beginProof>, seconds: number): Promise<void> {
  const disk = smallDisk();
  if (typeof disk === 'string') return void proof.skipped.push(disk);
  const place = premises(disk.folder);
  const server = await serverProcess(place.env);
  const business = await seedBusiness(place, { id: 'disk', agents: 5, groupSize: 5, devices: SESSIONS });
  noteAllUses(place.databaseFile);
  const sender = createSender(() => server.origin, business);
  const token = business.agents[0]!.tokens[0]!;
  const tokens = business.agents.flatMap((agent) => agent.tokens);
  const device = createDevice({ origin: () => server.origin, token, stays: true });
  try {
    await server.start();
    device.connect();
    await device.until(({ live }) => live, 'its first snapshot');
    const text = 'x'.repeat(10_000);
    const sent: string[] = [];
    const ids = new Set<string>();
    const refused: (string | null)[] = [];
    const others: number[] = [];
    const ends = Date.now() + seconds * 1000;
    // Until it has been full for a while.
    while (refused.length < EVENTS && Date.now() < ends) {
      const chatId = `disk-${sent.length}`;
      sent.push(chatId);
      const { status, retryAfter } = await sender.post(onlyMessage('group-0', chatId, text), chatId);
      if (status === 202) ids.add(chatId);
      else if (status === 503) {
        // Others use the disk as well: not even a small write fits any more.
        if (refused.length === 0) disk.fill();
        refused.push(retryAfter);
      } else others.push(status);
    }
    const lists: number[] = [];
    // Each token at least once, then until it has been full for long.
    for (let n = 0; n < tokens.length || Date.now() < ends; n += 1) {
      const headers = { authorization: `Bearer ${tokens[n % tokens.length]}` };
      const list = await fetch(`${server.origin}/v1/notifications`, { headers });
      await list.body?.cancel();
      lists.push(list.status);
      if (n >= tokens.length) await delay(100);
    }
    const ready = await fetch(`${server.origin}/readyz`);
    const whileFull = {
      ready: ready.status,
      stored: storedIn(place.databaseFile, business.id).events,
    };
    await ready.body?.cancel();
    disk.grow();
    for (const chatId of sent) {
      if (!ids.has(chatId)) await sender.deliver(onlyMessage('group-0', chatId, text), chatId);
    }
    const differs = await difference(device, await allNotifications(server.origin, token), 20_000);
    const connections = device.counts.connections;
    device.close();
    await server.stop('SIGKILL');
    const { events, entries, integrity } = storedIn(place.databaseFile, business.id);

    Object.assign(proof.figures, {
      'full disk: events sent': sent.length,
      'full disk: taken before and refused while full': `${ids.size} / ${refused.length}`,
      'full disk: lost of what was taken': [...ids].filter((id) => !whileFull.stored.has(id)).length,
      'full disk: lists answered 200 while full': `${lists.filter((status) => status === 200).length} of ${lists.length}`,
      'full disk: readiness while full': whileFull.ready,
      'full disk: taken once there was room': sender.acknowledged.size - ids.size,
      'full disk: in the store after SIGKILL': entries.length,
      'full disk: streams opened by the device': connections,
    });
    proof.expect('a full disk refuses with 503', refused.length === EVENTS);
    proof.expect(`and with nothing else (${others})`, others.length === 0);
    proof.expect(
      'with Retry-After',
      refused.every((after) => Number(after) > 0),
    );
    proof.expect(
      'loses nothing that it took',
      [...ids].every((id) => whileFull.stored.has(id) && events.has(id)),
    );
    proof.expect(
      'the rest is taken once there is room',
      sender.acknowledged.size === sent.length && entries.length === sent.length,
    );
    proof.expect(
      `what needs no writing is answered (${[...new Set(lists)]})`,
      lists.every((status) => status === 200),
    );
    proof.expect(`the device has it all: ${differs}`, differs === null);
    proof.expect('the device was told of each chat once', device.told.length === sent.length);
    proof.expect('the store is whole', integrity === 'ok');
  } finally {
    device.close();
    sender.close();
    await server.stop('SIGKILL');
    disk.remove();
  }
}

/** Makes files refuse every write, also of who has them open, as a disk does that failed; throws where that cannot be had. */
function freezer(folder: string): { freeze(): void; thaw(): void } {
  const change = (how: '+i' | '-i') => (): void => {
    const files = readdirSync(folder).filter((name) => /\.db(-wal)?$/.test(name));
    execFileSync('chattr', [how, ...files.map((name) => join(folder, name))], { stdio: 'pipe' });
  };
  return { freeze: change('+i'), thaw: change('-i') };
}

async function readOnly(proof: ReturnType<typeof beginProof>): Promise<void> {
  const place = premises();
  const { freeze, thaw } = freezer(place.folder);
  const server = await serverProcess(place.env);
  const business = await seedBusiness(place, { id: 'disk', agents: 5, groupSize: 5, devices: 1 });
  const sender = createSender(() => server.origin, business);
  const token = business.agents[0]!.tokens[0]!;
  const device = createDevice({ origin: () => server.origin, token, stays: true });
  const deliverAll = async (from: number): Promise<void> => {
    for (let n = from; n < from + 20; n += 1) await sender.deliver(onlyMessage('group-0', `ro-${n}`), `ro-${n}`);
  };
  try {
    try {
      freeze();
      thaw();
    } catch {
      proof.skipped.push(
        'a read-only store needs root and a file system with chattr +i, to stop writes of who has it open',
      );
      return;
    }
    await server.start();
    device.connect();
    await device.until(({ live }) => live, 'its first snapshot');
    await deliverAll(0);
    freeze();
    const refused = await Promise.all(
      Array.from({ length: 20 }, (_, n) => sender.post(onlyMessage('group-0', `ro-${20 + n}`), `ro-${20 + n}`)),
    );
    const before = storedIn(place.databaseFile, business.id).entries.length;
    thaw();
    await deliverAll(20);
    const differs = await difference(device, await allNotifications(server.origin, token), 20_000);
    device.close();
    await server.stop('SIGKILL');
    const { entries, integrity } = storedIn(place.databaseFile, business.id);
    const is503 = refused.filter(({ status, retryAfter }) => status === 503 && Number(retryAfter) > 0);
    Object.assign(proof.figures, {
      'read-only: taken before, refused with 503': `20 / ${is503.length} of ${refused.length}`,
      'read-only: in the store meanwhile': before,
      'read-only: in the store once it could be written, after SIGKILL': entries.length,
    });
    proof.expect(`a read-only store refuses with 503 (${refused.map(({ status }) => status)})`, is503.length === 20);
    proof.expect('loses nothing and takes nothing meanwhile', before === 20);
    proof.expect('takes the rest once it can be written', sender.acknowledged.size === 40 && entries.length === 40);
    proof.expect(`the device has it all: ${differs}`, differs === null && device.told.length === 40);
    proof.expect('the store that was read-only is whole', integrity === 'ok');
  } finally {
    device.close();
    sender.close();
    await server.stop('SIGKILL');
    place.remove();
  }
}
