/**
 * The scheduled emails survive `kill -9` at any moment: after it each agent has exactly one email of the slot.
 * `npm run kill-test` is the full form, with many more kills at random moments.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { readStoredEmails } from '@converso/server/src/email/file/stored-emails.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import { startResend } from '@converso/server/test/email/resend-stand-in.ts';
import { startSmtp } from '@converso/server/test/email/smtp-stand-in.ts';
import { MINUTE, monday } from '@converso/server/test/services/mailroom.ts';
import { openOffice } from '@converso/server/test/store/conformance/office.ts';
import { temporaryFolder } from '@converso/server/test/store/temporary-folder.ts';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../support/random.ts';

const FULL = process.env.KILL_TEST === 'full';
const RANDOM_ROUNDS = FULL ? 60 : 1;
const AGENTS = FULL ? 230 : 130;
const agents = Array.from({ length: AGENTS }, (_, index) => `agent${index}`);
/** By SMTP each email takes a session of its own, of a tenth of a second and more. */
const few = agents.slice(0, 12);
const TIMEOUT = FULL ? 600_000 : 120_000;

/** Stores in which one message waits for all agents, or for a few; made once and copied. */
let seeded: string;
let seededFew: string;
async function seed(team: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'converso-kill-'));
  const store = openStore(`file:${join(folder, 'c.db')}`);
  const office = await openOffice(store);
  for (const id of team) await office.agent(id);
  await office.group('support', [...team]);
  await office.message();
  await store.close();
  return folder;
}
beforeAll(async () => {
  seeded = await seed(agents);
  seededFew = await seed(few);
  return () => {
    for (const folder of [seeded, seededFew]) rmSync(folder, { recursive: true });
  };
}, 60_000);

async function openScene(by: 'resend' | 'smtp' | 'file' = 'resend') {
  const folder = temporaryFolder();
  cpSync(join(by === 'smtp' ? seededFew : seeded, 'c.db'), join(folder, 'c.db'));
  const resend = await startResend();
  onTestFinished(() => resend.close());
  const smtp = await startSmtp();
  onTestFinished(() => smtp.close());
  let now = monday('11:00');
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: folder,
    DATABASE_URL: `file:${join(folder, 'c.db')}`,
    ...(by === 'resend' ? { RESEND_API_KEY: 're_key', RESEND_BASE_URL: resend.baseUrl } : {}),
    ...(by === 'smtp' ? { SMTP_URL: smtp.url } : {}),
  };

  /** Another server, three minutes after the one before, so that nobody holds a lease any more. */
  function start(stage = '') {
    const child: ChildProcess = spawn(
      process.execPath,
      [join(import.meta.dirname, 'send-slots.ts'), String(now), stage],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    now += 3 * MINUTE;
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const lines = createInterface({ input: child.stdout! });
    return { child, exited, said: once(lines, 'line').then(([line]) => String(line)) };
  }

  async function runToTheEnd(): Promise<void> {
    const { exited } = start();
    expect(await exited).toEqual([0, null]);
  }

  return {
    folder,
    resend,
    smtp,
    start,
    runToTheEnd,
    /** How many emails each agent has, beside the one that each should have. */
    wrong(to: readonly string[]): string[] {
      const counts = Map.groupBy(to, (address) => address.split('@')[0] ?? '');
      return (by === 'smtp' ? few : agents)
        .map((id) => `${id}: ${counts.get(id)?.length ?? 0}`)
        .filter((line) => !line.endsWith(': 1'));
    },
    delivered: () => resend.delivered.map(({ to }) => to),
  };
}

describe('killed', { timeout: TIMEOUT }, () => {
  test.each([
    ['before the claim', 0],
    ['after the claim', 0],
    ['after the freeze', 0],
    ['after the lease', 0],
    ['before it is recorded', 100],
    ['after it is recorded', 100],
  ])('%s, each agent has exactly one email after the restart', async (stage, deliveredBefore) => {
    const { start, runToTheEnd, delivered, wrong } = await openScene();
    const { child, exited, said } = start(stage);
    expect(await said).toBe(`at: ${stage}`);
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(delivered()).toHaveLength(deliveredBefore);
    await runToTheEnd();
    expect(wrong(delivered())).toEqual([]);
  });

  test.each(['when Resend has the request', 'when Resend has taken it'])('%s of 100 emails', async (when) => {
    const { start, resend, runToTheEnd, delivered, wrong } = await openScene();
    const { child, exited } = start();
    const kill = async () => {
      child.kill('SIGKILL');
      await exited;
    };
    if (when === 'when Resend has the request') resend.onRequest(kill);
    else resend.onTaken(kill);
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(resend.received[0]?.emails).toHaveLength(100);
    resend.onRequest(() => undefined);
    resend.onTaken(() => undefined);
    await runToTheEnd();
    expect(wrong(delivered())).toEqual([]);
    const repeated = resend.received.filter(({ key }) => key === resend.received[0]?.key);
    expect(new Set(repeated.map(({ emails }) => JSON.stringify(emails))).size).toBe(1);
    expect(repeated).toHaveLength(2);
  });

  test('in the middle of writing 100 files', async () => {
    const { start, folder, runToTheEnd, wrong } = await openScene('file');
    const { child, exited } = start();
    const storedEmails = (): string[] => {
      try {
        return readdirSync(join(folder, 'mail')).filter((name) => name.endsWith('.eml'));
      } catch {
        return [];
      }
    };
    await expect.poll(() => storedEmails().length, { timeout: 30_000, interval: 1 }).toBeGreaterThan(5);
    child.kill('SIGKILL');
    await exited;
    expect(storedEmails().length).toBeLessThan(AGENTS);
    await runToTheEnd();
    const to = (await readStoredEmails(folder, 1000)).map(({ email }) => email.to?.[0]?.address ?? '');
    expect(wrong(to)).toEqual([]);
  });

  // By SMTP nobody can find out what became of the email that was under way, so it may be missing, and is never doubled.
  const BY_SMTP: [string, number][] = [
    ['after the lease', 1],
    ['before it is recorded', 0],
  ];
  // Where nothing is under way, the transport makes no difference; `npm run kill-test` tries those stages too.
  const BETWEEN: [string, number][] = [
    ['before the claim', 0],
    ['after the claim', 0],
    ['after the freeze', 0],
    ['after it is recorded', 0],
  ];
  test.each([...BY_SMTP, ...(FULL ? BETWEEN : [])])(
    '%s of an email by SMTP, no agent has two, and at most that one is missing',
    async (stage, missing) => {
      const { start, runToTheEnd, smtp, wrong } = await openScene('smtp');
      const { child, exited, said } = start(stage);
      expect(await said).toBe(`at: ${stage}`);
      child.kill('SIGKILL');
      await exited;
      await runToTheEnd();
      expect(wrong(smtp.delivered.map(({ to }) => to)).map((line) => line.replace(/^.*: /, ''))).toEqual(
        Array.from({ length: missing }, () => '0'),
      );
    },
  );

  test.each(['when the SMTP server has the message', 'when it has taken it'])('%s, no agent has two', async (when) => {
    const { start, smtp, runToTheEnd, wrong } = await openScene('smtp');
    const { child, exited } = start();
    const kill = async () => {
      if (smtp.delivered.length < 7) return;
      smtp.onMessage(() => undefined);
      smtp.onTaken(() => undefined);
      child.kill('SIGKILL');
      await exited;
    };
    if (when === 'when it has taken it') smtp.onTaken(kill);
    else smtp.onMessage(kill);
    expect(await exited).toEqual([null, 'SIGKILL']);
    await runToTheEnd();
    // The stand-in goes on with a message that it has read, as a server would.
    expect(wrong(smtp.delivered.map(({ to }) => to))).toEqual([]);
  });

  test('again and again at random by SMTP, two servers at a time, no agent has two', async () => {
    const random = createRandom();
    for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
      const { start, runToTheEnd, smtp, wrong } = await openScene('smtp');
      for (let kills = 0; kills < 3; kills += 1) {
        const servers = [start(), start()];
        await Promise.all(
          servers.map(async ({ child, exited }) => {
            await Promise.race([delay(100 + random.below(1500)), exited]);
            child.kill('SIGKILL');
            await exited;
          }),
        );
      }
      await runToTheEnd();
      const doubles = wrong(smtp.delivered.map(({ to }) => to)).filter((line) => !line.endsWith(': 0'));
      expect({ round, doubles }).toEqual({ round, doubles: [] });
    }
  });

  test('again and again at random, two servers at a time', async () => {
    const random = createRandom();
    for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
      const { start, runToTheEnd, delivered, wrong } = await openScene();
      for (let kills = 0; kills < 3; kills += 1) {
        const servers = [start(), start()];
        await Promise.all(
          servers.map(async ({ child, exited }) => {
            await Promise.race([delay(100 + random.below(900)), exited]);
            child.kill('SIGKILL');
            await exited;
          }),
        );
      }
      await runToTheEnd();
      expect({ round, wrong: wrong(delivered()) }).toEqual({ round, wrong: [] });
    }
  });
});
