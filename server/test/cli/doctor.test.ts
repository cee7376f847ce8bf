import { chmodSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDesk, type Ran } from './run-command.ts';

const verdicts = ({ json }: Ran): Record<string, string> =>
  Object.fromEntries(json.checks.map(({ check, verdict }: { check: string; verdict: string }) => [check, verdict]));

async function examined(
  environment: Record<string, string>,
  prepare: (file: (name: string) => string) => void = () => {},
) {
  const { run, ask, file } = openDesk(environment);
  await ask('business', 'add', '--name', 'Shop', '--time-zone', 'UTC');
  prepare(file);
  return run('doctor', '--json');
}

describe('doctor', () => {
  test('finds nothing wrong before the first start, and makes nothing', async () => {
    const { run, folder } = openDesk();
    const healthy = await run('doctor', '--json');
    expect(verdicts(healthy)).toMatchObject({ 'Node.js': 'ok', 'data folder': 'ok', store: 'note', address: 'note' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('finds nothing wrong with a store in use', async () => {
    expect(verdicts(await examined({}))).toMatchObject({ store: 'ok', clock: 'ok', mail: 'note' });
  });

  test.each([
    ['address', { HOST: '0.0.0.0' }],
    ['address', { PUBLIC_URL: 'http://notify.example.com' }],
    ['mail', { PUBLIC_URL: 'https://notify.example.com' }],
    ['mail', { RESEND_API_KEY: 're_1' }],
    ['inbox', { INBOX_URL: 'https://a.example/inbox', CONVERSATION_URL: 'https://b.example/{conversationId}' }],
    ['configuration', { PORT: 'http' }],
  ])('finds the %s wrong with %j', async (check, environment) => {
    const { run } = openDesk(environment as Record<string, string>);
    const ran = await run('doctor', '--json');
    expect(ran.code).toBe(1);
    expect(ran.json.ok).toBe(false);
    expect(verdicts(ran)[check]).toBe('wrong');
  });

  test('is content with mail that can be sent from an address of its own', async () => {
    const { run } = openDesk({
      RESEND_API_KEY: 're_1',
      MAIL_FROM: 'n@example.com',
      PUBLIC_URL: 'https://n.example.com',
    });
    expect(verdicts(await run('doctor', '--json'))).toMatchObject({ mail: 'ok', address: 'ok' });
  });

  test('says so when the store is not where the rest is', async () => {
    const detail = async (environment: Record<string, string>) => {
      const { checks } = (await openDesk(environment).run('doctor', '--json')).json;
      return checks.find(({ check }: { check: string }) => check === 'store').detail;
    };
    expect(await detail({ DATABASE_URL: 'file:/nowhere/converso.db' })).toContain('which is not in DATA_DIR');
    expect(await detail({})).not.toContain('not in DATA_DIR');
  });

  test('finds a damaged store', async () => {
    const ran = await examined({}, (file) => writeFileSync(file('converso.db'), 'no database'.repeat(1000)));
    expect([ran.code, verdicts(ran).store]).toEqual([1, 'wrong']);
  });

  test("finds a store that is another program's", async () => {
    const { run, file } = openDesk();
    const foreign = new SQLite(file('converso.db'));
    foreign.exec('CREATE TABLE notes (text)');
    foreign.close();
    const ran = await run('doctor', '--json');
    expect([ran.code, verdicts(ran).store]).toEqual([1, 'wrong']);
  });

  test.each(['converso.db', 'converso.db-wal'])('finds a store whose %s others can read', async (name) => {
    const ran = await examined({}, (file) => {
      // As a server that is running leaves it.
      writeFileSync(file(name), '', { flag: 'a' });
      chmodSync(file(name), 0o640);
    });
    expect([ran.code, verdicts(ran).store]).toEqual([1, 'wrong']);
    expect(ran.out).toContain(`chmod 600`);
  });

  test('finds a store that this user cannot write', async () => {
    const ran = await examined({}, (file) => chmodSync(file('converso.db'), 0o400));
    expect(verdicts(ran).store).toBe('wrong');
  });

  test('finds a clock that is behind the store', async () => {
    const future = new Date(Date.now() + 3_600_000);
    const ran = await examined({}, (file) => utimesSync(file('converso.db'), future, future));
    expect([ran.code, verdicts(ran).clock]).toEqual([1, 'wrong']);
  });

  test('finds a secret that others can read', async () => {
    const ran = await examined({}, (file) => {
      writeFileSync(file('auth-secret'), 'a secret that is long enough');
      chmodSync(file('auth-secret'), 0o644);
    });
    expect(verdicts(ran).secret).toBe('wrong');
  });

  test('says it as a table to people', async () => {
    const { run } = openDesk({ PORT: 'http' });
    const { out, err, code } = await run('doctor');
    expect([code, err]).toEqual([1, 'cli: 1 thing is wrong.\n']);
    expect(out).toContain('✗  configuration  PORT must be a whole number');
  });
});
