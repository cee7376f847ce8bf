/**
 * Many devices at once: thousands of idle streams are held, one event reaches a whole team of them; and when the
 * server restarts or is killed under them, all come back, spread over time, and are caught up without a gap.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createDevice, type Device } from '../support/device.ts';
import { percentile } from '../support/figures.ts';
import { type SeededBusiness, seedBusiness, tempEnvironment } from '../support/seed.ts';
import { createSender } from '../support/sender.ts';
import { type ServerProcess, serverProcess } from '../support/server-process.ts';
import { beginProof, firstError, inBatches, type Proof } from './proof.ts';
import { onlyMessage } from './workload.ts';

/** Agents of one team; each has as many devices as it takes. */
const TEAM = 50;
/** Connections that are being opened at once. */
const OPENING = 200;
/** A system gives one local address about 28,000 ports to one place. */
const PER_ADDRESS = 20_000;
/** Open files beyond one for each stream. */
const SPARE_FILES = 500;
const BACK_MS = 60_000;

/** How many files this process may have open; Node.js has raised it as far as the system lets it. */
function filesAllowed(): number {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits: { open_files: { soft: number | string } };
  };
  const { soft } = userLimits.open_files;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}

const all = (devices: Device[], so: (device: Device) => boolean, what: string, ms = BACK_MS): Promise<unknown> =>
  Promise.all(devices.map((device) => device.until(so, what, ms)));

/** @param wanted how many streams are held idle; a fifth of them lives through restarts */
export async function reconnectStorm(wanted: number): Promise<Proof> {
  const proof = beginProof();
  const allowed = filesAllowed() - SPARE_FILES;
  const streams = Math.min(wanted, allowed);
  if (streams < wanted)
    proof.skipped.push(`${wanted} streams need more open files: raise ulimit -n; ${streams} were held`);
  const place = tempEnvironment();
  const server = await serverProcess(place.env);
  const sizes = { agents: TEAM, groupSize: TEAM, devices: Math.ceil(streams / TEAM) };
  const business = await seedBusiness(place, { id: 'storm', ...sizes });
  const sender = createSender(() => server.origin, business);
  const devices = business.agents
    .flatMap(({ tokens }) => tokens)
    .slice(0, streams)
    .map((token, n) => {
      const from = `127.0.0.${1 + Math.floor(n / PER_ADDRESS)}`;
      return createDevice({
        origin: () => server.origin,
        token,
        stays: true,
        ...(from === '127.0.0.1' ? {} : { from }),
      });
    });
  try {
    await server.start();
    await held(proof, server, devices, (chatId) => sender.deliver(onlyMessage('group-0', chatId), chatId));
    const herd = devices.slice(0, Math.max(1, Math.floor(streams / 5)));
    for (const device of devices.slice(herd.length)) device.close();
    await delay(200);
    for (const how of ['SIGTERM', 'SIGKILL'] as const) await comeBack(proof, server, herd, how, sender, business);
    const wrong = devices.flatMap((device) => device.wrong);
    proof.expect(`no stream repeats or goes back: ${wrong[0]}`, wrong.length === 0);
    const error = firstError(server.log);
    proof.expect(`no error is logged: ${error}`, error === null);
    return proof;
  } finally {
    for (const device of devices) device.close();
    sender.close();
    await server.stop('SIGKILL');
    place.remove();
  }
}

async function held(
  proof: ReturnType<typeof beginProof>,
  server: ServerProcess,
  devices: Device[],
  deliver: (chatId: string) => Promise<boolean>,
): Promise<void> {
  const before = server.memory();
  const began = Date.now();
  await inBatches(devices, OPENING, (device) => {
    device.connect();
    return device.until(({ live }) => live, 'its first snapshot', BACK_MS);
  });
  const opened = Date.now() - began;
  await delay(1000);
  const idle = server.memory();
  const posted = Date.now();
  await deliver('storm-all');
  await all(devices, ({ bell }) => bell.size === 1, 'one notification');
  const reached = Date.now() - posted;
  const perStream = before === null || idle === null ? null : ((idle - before) * 1024) / devices.length;
  Object.assign(proof.figures, {
    'idle streams held': devices.length,
    'opened in, ms': opened,
    'memory before, MiB': before ?? '–',
    'memory with them, MiB': idle ?? '–',
    'memory a stream, KiB': perStream === null ? '–' : perStream.toFixed(1),
    'one event to all of them, last after ms': reached,
    'memory after it, MiB': server.memory() ?? '–',
  });
  proof.expect(
    'all streams are held',
    devices.every(({ live }) => live),
  );
  proof.expect(
    'none was refused',
    devices.every(({ counts }) => counts.refused === 0),
  );
  proof.expect(
    'each device is told once',
    devices.every(({ told }) => told.length === 1),
  );
}

async function comeBack(
  proof: ReturnType<typeof beginProof>,
  server: ServerProcess,
  herd: Device[],
  how: 'SIGTERM' | 'SIGKILL',
  sender: ReturnType<typeof createSender>,
  business: SeededBusiness,
): Promise<void> {
  const word = how === 'SIGTERM' ? 'restart' : 'kill';
  const before = herd.map(({ counts }) => ({
    connections: counts.connections,
    goodbyes: counts.goodbyes.restart ?? 0,
  }));
  const had = herd[0]!.bell.size;
  const news = Array.from({ length: 10 }, (_, n) => `storm-${word}-${n}`);
  await server.stop(how);
  const started = server.start();
  // Posted while the server is away, and tried until it is back: what the devices have missed.
  const delivered = Promise.all(
    news.map((chatId) => sender.deliver(onlyMessage(business.groups[0]!.id, chatId), chatId)),
  );
  await started;
  const up = Date.now();
  const backAfter: number[] = [];
  await Promise.all(
    herd.map(async (device, index) => {
      await device.until(
        ({ live, counts }) => live && counts.connections > before[index]!.connections,
        'the new server',
        BACK_MS,
      );
      backAfter.push(Date.now() - up);
    }),
  );
  await delivered;
  await all(herd, ({ bell }) => bell.size === had + news.length, 'what it missed');
  const buckets = Math.max(
    ...Object.values(Object.groupBy(backAfter, (ms) => Math.floor(ms / 100))).map((some) => some!.length),
  );
  const last = Math.max(...backAfter);
  proof.figures[`${word}: devices back`] = `${backAfter.length} of ${herd.length}`;
  proof.figures[`${word}: back after, ms (first / median / last)`] =
    `${Math.min(...backAfter)} / ${percentile(backAfter, 0.5)} / ${last}`;
  proof.figures[`${word}: most of them within 100 ms`] = buckets;
  proof.figures[`${word}: devices that saw a gap`] = herd.filter(({ counts }) => counts.snapshots > 1).length;
  proof.figures[`${word}: missed chats told twice or never`] = herd.filter(
    ({ told }) =>
      told.length !== had + news.length ||
      new Set(told.map(({ conversationId }) => conversationId)).size !== told.length,
  ).length;
  proof.expect(`after a ${word} all are back`, backAfter.length === herd.length);
  proof.expect(
    `after a ${word} none sees a gap`,
    herd.every(({ counts }) => counts.snapshots === 1),
  );
  proof.expect(
    `after a ${word} each missed chat is told once`,
    herd.every(({ told }) => told.length === had + news.length),
  );
  // All at once would be all of them in one bucket.
  proof.expect(
    `after a ${word} they come back spread (${buckets} within 100 ms)`,
    herd.length < 50 || buckets < herd.length / 3,
  );
  if (how === 'SIGTERM') {
    const said = herd.every(({ counts }, index) => (counts.goodbyes.restart ?? 0) === before[index]!.goodbyes + 1);
    proof.expect('a restart says goodbye to each', said);
  }
}
