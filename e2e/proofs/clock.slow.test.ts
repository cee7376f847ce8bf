/** The real server, under a real clock that shows another time: it passes 08:00 on a Monday. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from '@converso/server/src/store/open.ts';
import { startResend } from '@converso/server/test/email/resend-stand-in.ts';
import { assigned, openStoreFixture, received } from '@converso/server/test/store/conformance/store-fixture.ts';
import { temporaryFolder } from '@converso/server/test/store/temporary-folder.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFaketime } from '../support/faketime.ts';

const SOURCE = join(import.meta.dirname, '../../server/src');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const faketime = findFaketime();

interface Foretold {
  slot: string;
  emails: { agent: { id: string; email: string }; conversations: { id: string }[] }[];
}

/** A business whose customers wrote on Saturday evening: to the team, to Fay, and to the assistant. */
async function seed(databaseUrl: string, timeZone: string, eight: number): Promise<void> {
  const store = openStore(databaseUrl);
  const fixture = await openStoreFixture(store);
  await store.setTimeZone('acme', timeZone);
  const saturday = eight - 38 * HOUR;
  const write = (id: string, channel: string, address: string, name?: string) =>
    fixture.tell(
      'message.received',
      received('Is the flat free?', { id, conversation: id, channel, from: { address, ...(name ? { name } : {}) } }),
      { arrives: saturday },
    );
  await write('c1', 'whatsapp', '+34600000001', 'Ana Pérez');
  await write('c2', 'sms', '+34600000002');
  await write('c3', 'whatsapp', '+34600000003', 'مريم');
  await write('c4', 'webchat', '+34600000004', 'Nobody');
  await fixture.tell('conversation.assigned', assigned('c2', 'fay', 'ana'), { arrives: saturday + SECOND });
  await fixture.tell('conversation.assigned', assigned('c3', 'assistant'), { arrives: saturday + SECOND });
  await store.close();
}

describe.skipIf(faketime === undefined)('when a server passes 08:00 on a Monday', { timeout: 240_000 }, () => {
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

    // The clock is moved when the server listens, however long its start takes.
    const clock = join(folder, 'clock');
    const moveTo = (time: number) => writeFileSync(clock, `+${((time - Date.now()) / SECOND).toFixed(3)}\n`);
    moveTo(eight - 10 * MINUTE);
    const server = spawn(process.execPath, [join(SOURCE, 'serve.ts')], {
      env: {
        ...env,
        LD_PRELOAD: faketime!,
        FAKETIME_TIMESTAMP_FILE: clock,
        // Seconds after which it reads the file again.
        FAKETIME_CACHE_DURATION: '1',
        TZ: 'UTC',
        // Timers go by the monotonic clock, which stays as it is.
        DONT_FAKE_MONOTONIC: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(server, 'exit');
    onTestFinished(async () => {
      server.kill('SIGKILL');
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
    await expect.poll(() => said).toContain('"msg":"listening"');
    expect(timeOf('listening')).toBeLessThan(eight - MINUTE);
    expect(resend.received).toEqual([]);

    // The job looks at the clock each minute, and a timer that a moved clock made wrong lasts 30 seconds at most.
    moveTo(eight - SECOND);
    await expect.poll(() => said, { timeout: 2 * MINUTE, interval: 100 }).toContain('a slot was run');
    expect(timeOf('a batch was handed over')).toBeGreaterThanOrEqual(eight);
    expect(timeOf('a batch was handed over')).toBeLessThan(eight + 2 * MINUTE);
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
