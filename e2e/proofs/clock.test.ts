/** The real server, under a real clock that shows another time: it passes 08:00 on a Monday. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from '@converso/server/src/store/open.ts';
import { startResend } from '@converso/server/test/mail/resend-stand-in.ts';
import { assigned, openOffice, received } from '@converso/server/test/store/conformance/office.ts';
import { temporaryFolder } from '@converso/server/test/store/temporary-folder.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFaketime } from '../support/faketime.ts';

const SOURCE = join(import.meta.dirname, '../../server/src');
const SECOND = 1000;
const HOUR = 3600 * SECOND;

const faketime = findFaketime();

interface Foretold {
  slot: string;
  emails: { agent: { id: string; email: string }; conversations: { id: string }[] }[];
}

/** A business whose customers wrote on Saturday evening: to the team, to Fay, and to the assistant. */
async function seed(databaseUrl: string, timeZone: string, eight: number): Promise<void> {
  const store = openStore(databaseUrl);
  const office = await openOffice(store);
  await store.setTimeZone('acme', timeZone);
  const saturday = eight - 38 * HOUR;
  const write = (id: string, channel: string, address: string, name?: string) =>
    office.tell(
      'message.received',
      received('Is the flat free?', { id, conversation: id, channel, from: { address, ...(name ? { name } : {}) } }),
      { arrives: saturday },
    );
  await write('c1', 'whatsapp', '+34600000001', 'Ana Pérez');
  await write('c2', 'sms', '+34600000002');
  await write('c3', 'whatsapp', '+34600000003', 'مريم');
  await write('c4', 'webchat', '+34600000004', 'Nobody');
  await office.tell('conversation.assigned', assigned('c2', 'fay', 'ana'), { arrives: saturday + SECOND });
  await office.tell('conversation.assigned', assigned('c3', 'assistant'), { arrives: saturday + SECOND });
  await store.close();
}

describe.skipIf(faketime === undefined)('when a server passes 08:00 on a Monday', { timeout: 90_000 }, () => {
  test.each([
    ['Europe/Madrid', '2027-03-01T08:00:00+01:00'],
    ['Pacific/Auckland', '2027-03-01T08:00:00+13:00'],
  ])('in %s, it sends what slot preview foretold, then and not before', async (timeZone, slot) => {
    const folder = temporaryFolder();
    const eight = Date.parse(slot);
    const databaseUrl = `file:${join(folder, 'c.db')}`;
    await seed(databaseUrl, timeZone, eight);
    const resend = await startResend();
    onTestFinished(() => resend.close());
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      RESEND_API_KEY: 're_key',
      RESEND_BASE_URL: resend.baseUrl,
    };

    const preview = [join(SOURCE, 'cli/main.ts'), 'slot', 'preview', '--business', 'acme', '--at', slot, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, preview, { env });
    const foretold = JSON.parse(stdout) as Foretold;
    expect(foretold.slot).toBe(slot);
    expect(foretold.emails.map(({ agent, conversations }) => [agent.id, conversations.map(({ id }) => id)])).toEqual([
      ['ana', ['c1', 'c3']],
      ['ben', ['c1', 'c3']],
      ['fay', ['c2']],
    ]);

    // Twelve seconds are enough for a slow machine to start the server before eight.
    const start = new Date(eight - 12 * SECOND).toISOString().replace('T', ' ').slice(0, 19);
    const server = spawn(process.execPath, [join(SOURCE, 'main.ts')], {
      // Timers go by the clock that only counts, which stays as it is.
      env: { ...env, LD_PRELOAD: faketime!, FAKETIME: `@${start}`, TZ: 'UTC', DONT_FAKE_MONOTONIC: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
      // faketime starts the server as its child and passes no signal on, so both are ended as one group.
      detached: true,
    });
    const exited = once(server, 'exit');
    onTestFinished(async () => {
      process.kill(-server.pid!, 'SIGKILL');
      await exited;
    });
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    /** What the server's own clock showed when it said something. */
    const timeOf = (message: string): number => {
      const line = said.split('\n').find((one) => one.includes(message));
      return line === undefined ? Number.NaN : Date.parse((JSON.parse(line) as { time: string }).time);
    };
    await expect.poll(() => said, { timeout: 15_000 }).toContain('"msg":"listening"');
    expect(timeOf('listening')).toBeLessThan(eight);
    expect(resend.received).toEqual([]);

    await expect.poll(() => said, { timeout: 30_000, interval: 100 }).toContain('a slot was run');
    expect(timeOf('a batch was handed over')).toBeGreaterThanOrEqual(eight);
    expect(timeOf('a batch was handed over')).toBeLessThan(eight + 30 * SECOND);
    const sent = resend.delivered.map(({ to, text }) => ({
      agent: to,
      conversations: [...text.matchAll(/\/inbox\/(\w+)/g)].map(([, id]) => id),
    }));
    expect(sent).toEqual(
      foretold.emails.map(({ agent, conversations }) => ({
        agent: agent.email,
        conversations: conversations.map(({ id }) => id),
      })),
    );
    expect(resend.delivered.at(0)?.subject).toMatch(/^2 unreplied messages, oldest since Saturday 18:00$/);
  });
});
