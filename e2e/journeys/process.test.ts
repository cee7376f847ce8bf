import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDevice } from '../support/device.ts';
import { PATIENCE_MS } from '../support/wait-for.ts';

const SOURCE = join(import.meta.dirname, '../../server/src');

/** Runs one of the programs with a folder of its own; ends it with the test. */
function launch(program: string, environment: Record<string, string> = {}, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'converso-process-'));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: `file:${join(folder, 'c.db')}`,
  };
  const child: ChildProcess = spawn(process.execPath, [join(SOURCE, program), ...args], {
    env: { ...env, ...environment },
  });
  const err = text(child.stderr!);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  let out = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });

  /** What it says on standard output, as soon as that matches. */
  async function until(expected: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => out, { timeout: PATIENCE_MS }).toMatch(expected);
    return expected.exec(out)!;
  }
  return { folder, child, exited, err, until };
}

describe('the server as a process', { timeout: 120_000 }, () => {
  test('says goodbye to its streams on SIGTERM and ends in order', async () => {
    const { child, exited, until, folder } = launch('serve.ts', { DEMO: '1' });
    const [, port] = await until(/"port":(\d+)/);
    const url = `http://localhost:${port}`;
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    await post('/v1/auth/code', { email: 'ana@demo.example' });
    const mailbox = async () => (await fetch(`${url}/dev/mail`)).text();
    await expect.poll(mailbox, { timeout: PATIENCE_MS }).toMatch(/\d{6} is your/);
    const [, code] = /(\d{6}) is your/.exec(await mailbox()) ?? [];
    const { token } = (await post('/v1/auth/token', { email: 'ana@demo.example', code })) as { token: string };
    const device = createDevice({ origin: () => url, token });
    onTestFinished(() => device.close());
    device.connect();
    await device.until(({ live }) => live, 'its snapshot');

    // The second is what a wrapper passes on besides.
    child.kill('SIGTERM');
    child.kill('SIGINT');
    await device.until(({ counts, live }) => counts.goodbyes.restart === 1 && !live, 'its goodbye');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(join(folder, 'c.db-wal'))).toBe(false);
  });

  test('warns at its start that no email reaches anybody', async () => {
    const { until } = launch('serve.ts');
    await until(/"level":"warn".*RESEND_API_KEY nor SMTP_URL/);
  });

  test('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { exited, err } = launch('serve.ts', { PORT: String(port) });
    expect(await exited).toEqual([1, null]);
    expect(await err).toBe(`converso: Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set PORT.\n`);
  });

  test.each([
    [{ TRUST_PROXY: 'all' }, 'converso: wrong configuration: TRUST_PROXY must be a whole number from 0 to 10.\n'],
    [
      { DEMO: '1', HOST: '0.0.0.0' },
      'converso: wrong configuration: DEMO may only be 1 where HOST and PUBLIC_URL are this machine (127.0.0.1, localhost).\n',
    ],
  ])('says in one line what is wrong with %j', async (environment, line) => {
    const { exited, err } = launch('serve.ts', environment as Record<string, string>);
    expect(await exited).toEqual([1, null]);
    expect(await err).toBe(line);
  });

  test('npm start tells a newcomer three things', async () => {
    const { until } = launch('start.ts');
    const [said] = await until(/1 {2}The inbox[\s\S]*3 {2}Sign in as.*\n.*\n/);
    expect(said).toMatch(/http:\/\/localhost:\d+\/inbox/);
    expect(said).toContain(join('extension', '.output', 'chrome-mv3'));
    expect(said).toContain('Load unpacked');
    expect(said).toContain('ana@demo.example');
    expect(said).toContain('/dev/mail');
  });

  test('npm start -- --open starts Chromium with the extension, on a profile that goes with it', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'converso-chromium-'));
    onTestFinished(() => rmSync(tools, { recursive: true, force: true }));
    const chromium = join(tools, 'chromium');
    writeFileSync(
      chromium,
      `#!/bin/sh\nprintf '%s\\n' "$@" > ${tools}/args.part\nmv ${tools}/args.part ${tools}/args\nsleep 60\n`,
      { mode: 0o755 },
    );
    const { child, exited } = launch('start.ts', { CHROME_PATH: chromium }, '--open');
    await expect.poll(() => existsSync(join(tools, 'args')), { timeout: PATIENCE_MS }).toBe(true);
    const args = readFileSync(join(tools, 'args'), 'utf8').trim().split('\n');
    expect(args.at(-1)).toMatch(/^http:\/\/localhost:\d+\/inbox$/);
    expect(args).toContainEqual(expect.stringMatching(/^--load-extension=.*extension\/\.output\/chrome-mv3$/));
    const profile = args.find((arg) => arg.startsWith('--user-data-dir='))!.slice('--user-data-dir='.length);
    expect(existsSync(profile)).toBe(true);
    child.kill('SIGTERM');
    await exited;
    expect(existsSync(profile)).toBe(false);
  });

  test('npm start -- --open says so where there is no Chromium, and serves all the same', async () => {
    const { child, err, until } = launch('start.ts', { CHROME_PATH: '/nowhere/chromium' }, '--open');
    await until(/Sign in as/);
    child.kill('SIGTERM');
    expect(await err).toMatch(/^converso: no Chromium to open; .*CHROME_PATH.*\n$/);
  });
});
