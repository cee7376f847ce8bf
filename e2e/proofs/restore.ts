/**
 * `cli backup` while events come in, the machine lost, `cli restore` into an empty folder: the server goes on from
 * the backup, devices get a fresh snapshot in place of what may be gone, and the sender's repetition brings the rest.
 */
import { execFile } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createDevice } from '../support/device.ts';
import { percentile } from '../support/figures.ts';
import { seedBusiness, tempEnvironment } from '../support/seed.ts';
import { createSender } from '../support/sender.ts';
import { serverProcess } from '../support/server-process.ts';
import { beginProof, firstError, type Proof } from './proof.ts';
import { allNotifications, storedIn } from './verify.ts';
import { onlyMessage } from './workload.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../server/src/cli/main.ts');
const WORKERS = 8;
const BREATH_MS = 10;

/** @param seconds of load before and during the backups; the store grows with it */
export async function restore(seconds: number): Promise<Proof> {
  const proof = beginProof();
  const place = tempEnvironment();
  const elsewhere = tempEnvironment();
  const copy = join(elsewhere.folder, 'backup.db');
  const server = await serverProcess(place.env);
  const second = await serverProcess(elsewhere.env);
  let origin = server.origin;
  const business = await seedBusiness(place, { id: 'restore', agents: 20, groupSize: 5, devices: 1 });
  const sender = createSender(() => origin, business);
  const devices = business.agents.map(({ tokens: [token = ''] }) => ({
    token,
    device: createDevice({ origin: () => origin, token, stays: true }),
  }));
  try {
    await server.start();
    for (const { device } of devices) device.connect();
    await Promise.all(devices.map(({ device }) => device.until(({ live }) => live, 'its first snapshot')));

    const ends = Date.now() + seconds * 1000;
    const sent: string[] = [];
    const quiet: number[] = [];
    const during: number[] = [];
    let copying = false;
    const eventOf = (chatId: string) =>
      onlyMessage(business.groups[Number(chatId.slice('restore-'.length)) % 4]!.id, chatId);
    const work = async (): Promise<void> => {
      while (Date.now() < ends) {
        const chatId = `restore-${sent.length}`;
        sent.push(chatId);
        const began = performance.now();
        await sender.deliver(eventOf(chatId), chatId);
        (copying ? during : quiet).push(performance.now() - began);
        await delay(BREATH_MS);
      }
    };
    const took: number[] = [];
    let acknowledgedBefore = new Set<string>();
    const backUp = async (): Promise<void> => {
      await delay(seconds * 400);
      while (took.length === 0 || Date.now() < ends - 2000) {
        acknowledgedBefore = new Set(sender.acknowledged);
        copying = true;
        const began = performance.now();
        await run(process.execPath, [CLI, 'backup', copy], { env: { ...process.env, ...place.env } });
        took.push(performance.now() - began);
        copying = false;
        await delay(500);
      }
    };
    await Promise.all([backUp(), ...Array.from({ length: WORKERS }, work)]);
    await server.stop('SIGKILL');
    const size = statSync(copy).size;
    const backup = storedIn(copy, business.id);
    const lostByBackup = [...acknowledgedBefore].filter((id) => !backup.events.has(id));

    // The machine is gone; what is left is the backup, and a folder with nothing in it.
    rmSync(place.databaseFile);
    const began = performance.now();
    await run(process.execPath, [CLI, 'restore', copy], { env: { ...process.env, ...elsewhere.env } });
    const restored = performance.now() - began;
    origin = second.origin;
    await second.start();
    await Promise.all(
      devices.map(({ device }) =>
        device.until(({ live, counts }) => live && counts.connections > 1, 'the second server', 20_000),
      ),
    );
    const snapshots = devices.filter(({ device }) => device.counts.snapshots === 2).length;
    const since = sent.filter((id) => !backup.events.has(id));
    let duplicates = 0;
    for (const chatId of sent) {
      const answer = await sender.post(eventOf(chatId), chatId);
      if (answer.body.duplicate) duplicates += 1;
    }
    const differences: string[] = [];
    for (const { token, device } of devices) {
      const page = await allNotifications(second.origin, token);
      await device.until(({ live, cursor }) => live && cursor === String(page.cursor), 'what the store has', 20_000);
      // The snapshot holds the latest only; a device that begins anew has the same.
      const open = page.items.filter(({ state }) => state === 'open').length;
      if (device.unread !== open) differences.push(`counts ${device.unread} of ${open}`);
      if (new Set(page.items.map(({ conversation }) => conversation.id)).size !== page.items.length)
        differences.push('a chat twice');
    }
    const after = storedIn(elsewhere.databaseFile, business.id);

    Object.assign(proof.figures, {
      'events a second meanwhile': Math.round(sent.length / seconds),
      'backups taken under load': took.length,
      'a backup took, ms (median)': Math.round(percentile(took, 0.5)),
      'its size, MB': (size / 1e6).toFixed(1),
      'an event was answered after, ms (median / p99), without a backup': `${percentile(quiet, 0.5).toFixed(1)} / ${percentile(quiet, 0.99).toFixed(1)}`,
      'an event was answered after, ms (median / p99), during one': `${percentile(during, 0.5).toFixed(1)} / ${percentile(during, 0.99).toFixed(1)}`,
      'answered before the backup began, and not in it': lostByBackup.length,
      'restore took, ms': Math.round(restored),
      'devices with old cursors that got a snapshot': `${snapshots} of ${devices.length}`,
      'events sent again / known / since the backup': `${sent.length} / ${duplicates} / ${since.length}`,
      'in the store then': after.entries.length,
    });
    proof.expect('a backup holds all that was acknowledged before it began', lostByBackup.length === 0);
    proof.expect('a backup is whole', backup.integrity === 'ok' && after.integrity === 'ok');
    proof.expect('every device gets a snapshot', snapshots === devices.length);
    proof.expect('what is known is known, the rest is taken', duplicates === sent.length - since.length);
    proof.expect('and then all is there once', after.entries.length === sent.length);
    proof.expect(`devices count what is open: ${differences[0]}`, differences.length === 0);
    const error = firstError(server.log + second.log);
    proof.expect(`no error is logged: ${error}`, error === null);
    return proof;
  } finally {
    for (const { device } of devices) device.close();
    sender.close();
    await Promise.all([server.stop('SIGKILL'), second.stop('SIGKILL')]);
    place.remove();
    elsewhere.remove();
  }
}
