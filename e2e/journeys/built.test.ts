/** What `npm run serve` and `npm start` run, from `npm run build`: whatever it needs is found from where it lies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '@converso/server/test/store/temporary-folder.ts';
import SQLite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDevice, type Device } from '../support/device.ts';
import { tempEnvironment } from '../support/seed.ts';
import { AS_SERVED, type Program, type ServerProcess, serverProcess } from '../support/server-process.ts';

const ROOT = join(import.meta.dirname, '../..');
// Plain JavaScript, so that a restart need not wait for types to be stripped.
const { TASKS } = (await import(join(ROOT, 'tools/tasks.mjs'))) as { TASKS: Record<string, unknown[]> };
const { isStale } = (await import(join(ROOT, 'tools/build-server.mjs'))) as { isStale(root: string): boolean };

/** The built server in an empty folder of its own, listening; both go with the test. */
async function built(environment: Record<string, string> = {}, program: Program = AS_SERVED) {
  const place = tempEnvironment();
  const server = await serverProcess({ ...place.env, ...environment }, program);
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    place.remove();
  });
  await server.start();
  return { server, place };
}

/** What is there, as text; a place that answers anything but 200 fails. */
async function read(server: ServerProcess, path: string): Promise<string> {
  const answer = await fetch(server.origin + path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

test('serves every page, style sheet and script it has', async () => {
  const { server } = await built({ DEMO: '1' });
  expect(JSON.parse(await read(server, '/readyz'))).toMatchObject({ status: 'ok' });
  expect(await read(server, '/docs')).toContain('swagger-ui-bundle.js');
  expect(await read(server, '/docs/swagger-ui-bundle.js')).toContain('SwaggerUIBundle');
  expect(await read(server, '/docs/swagger-ui.css')).toContain('.swagger-ui');
  expect(JSON.parse(await read(server, '/openapi.json'))).toHaveProperty('paths./v1/me');
  // The style sheet is made of two files, in two packages.
  const style = await read(server, '/page.css');
  expect(style).toContain(readFileSync(join(ROOT, 'shared/src/ui/tokens.css'), 'utf8'));
  expect(style).toContain(readFileSync(join(ROOT, 'server/src/http/pages/page.css'), 'utf8'));
  expect(await read(server, '/demo')).toContain('/demo/demo.js');
  for (const file of ['demo.js', 'demo.css']) {
    expect(await read(server, `/demo/${file}`)).toBe(readFileSync(join(ROOT, 'server/src/demo', file), 'utf8'));
  }
  const [script] = /\/inbox\/_assets\/[\w-]+\.js/.exec(await read(server, '/inbox')) ?? ['no script in the inbox page'];
  expect(await read(server, script)).not.toBe('');
});

test('signs an agent in by email and tells them of a signed event', async () => {
  const { server } = await built({ DEMO: '1' });
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', origin: server.origin, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(server.origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.json();
  };
  const email = 'ana@demo.example';
  await post('/v1/auth/code', { email });
  const code = async () => /(\d{6}) is your/.exec(await read(server, '/dev/mail'))?.[1] ?? '';
  await expect.poll(code).not.toBe('');
  const { token } = (await post('/v1/auth/token', { email, code: await code() })) as { token: string };
  const device = createDevice({ origin: () => server.origin, token });
  onTestFinished(() => device.close());
  device.connect();
  await device.until(({ live }) => live, 'its snapshot');

  // The demo signs what its customers write, and sends it over HTTP as everybody does.
  const text = 'Is the built one as good?';
  const message = { channel: 'whatsapp', groupId: 'reservations', sender: '+34600', text, assistantFirst: false };
  expect(await post('/demo/messages', message)).toEqual({ conversationId: 'whatsapp-34600' });
  const hasIt = ({ bell }: Device) =>
    [...bell.values()].some(({ conversation }) => conversation.id === 'whatsapp-34600');
  await device.until(hasIt, 'the notification');

  await server.stop('SIGTERM');
  await device.until(({ counts }) => counts.goodbyes.restart === 1, 'its goodbye');
});

test('logs where in the source something went wrong', async () => {
  const { server, place } = await built();
  const file = new SQLite(place.databaseFile);
  file.pragma('foreign_keys = OFF');
  file.exec('DROP TABLE codes');
  file.close();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email: 'ana@acme.example' });
  expect((await fetch(`${server.origin}/v1/auth/code`, { method: 'POST', headers, body })).status).toBe(500);
  await server.stop();
  const line = server.log.split('\n').find((said) => said.includes('"msg":"a request failed"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    kind: 'SqliteError',
    stack: expect.arrayContaining([
      expect.stringMatching(/server[\\/]src[\\/]store[\\/]sqlite[\\/]sign-in\.ts:\d+:\d+/),
    ]),
  });
});

test('`npm start` finds the extension that was built beside it', async () => {
  const { server } = await built({}, { ...AS_SERVED, main: join(AS_SERVED.main, '../start.js') });
  const folder = join(ROOT, 'extension/.output/chrome-mv3');
  await expect.poll(() => server.log).toContain(folder);
  expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
});

describe('what is built is built anew by `npm run serve`', () => {
  const files = [
    'server/src/store/open.ts',
    'server/vite.config.ts',
    'server/package.json',
    'server/inbox/src/main.tsx',
    'server/inbox/index.html',
    'server/inbox/vite.config.ts',
    'shared/src/ids.ts',
    'shared/package.json',
    'pnpm-lock.yaml',
  ];
  const outputs = ['server/dist/main.js', 'server/dist/cli.js', 'server/inbox/dist/index.html'];
  let root: string;
  const put = (file: string, seconds: number) => {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), '');
    utimesSync(join(root, file), seconds, seconds);
  };
  /** Puts each file there as of second 1000, each folder too, and what was built as of 2000. */
  const checkout = () => {
    root = temporaryFolder();
    for (const file of files) put(file, 1000);
    for (const file of outputs) put(file, 2000);
    for (const folder of ['server/src/store', 'server/src', 'server/inbox/src', 'shared/src'])
      utimesSync(join(root, folder), 1000, 1000);
  };

  test('not if nothing has changed since', () => {
    checkout();
    expect(isStale(root)).toBe(false);
  });
  test.each(outputs)('if %s is missing', (file) => {
    checkout();
    rmSync(join(root, file));
    expect(isStale(root)).toBe(true);
  });
  test.each(files)('if %s is newer', (file) => {
    checkout();
    put(file, 3000);
    expect(isStale(root)).toBe(true);
  });
  test('if a file has gone', () => {
    checkout();
    rmSync(join(root, 'server/src/store/open.ts'));
    expect(isStale(root)).toBe(true);
  });
});

test.skipIf(process.platform === 'win32')(
  'answers what it was asked, however often its processes are told to end meanwhile',
  async () => {
    const command = ['tools/pnpmw.mjs', '--task', 'serve'];
    const place = tempEnvironment();
    // A group of its own, as under a service manager, which tells all of its processes.
    const env = { PATH: process.env.PATH, ...place.env };
    const serve = spawn(process.execPath, command, { cwd: ROOT, env, detached: true });
    const ended = once(serve, 'exit');
    onTestFinished(async () => {
      if (serve.exitCode === null) process.kill(-serve.pid!, 'SIGKILL');
      await ended;
      place.remove();
    });
    let said = '';
    for (const stream of [serve.stdout, serve.stderr])
      stream.on('data', (text: Buffer) => {
        said += text.toString();
      });
    await expect.poll(() => said, { timeout: 60_000 }).toContain('"msg":"listening"');
    const port = Number(/"port":(\d+)/.exec(said)?.[1]);

    const body = JSON.stringify({ email: 'ana@acme.example' });
    const line = connect(port, '127.0.0.1');
    let answer = '';
    line.on('data', (bytes: Buffer) => {
      answer += bytes.toString();
    });
    const head = `POST /v1/auth/code HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    line.write(`${head}\r\nExpect: 100-continue\r\n\r\n`);
    await expect.poll(() => answer).toContain('100 Continue');
    // Apart, for signals that are sent together arrive as one.
    for (let times = 0; times < 6; times += 1) {
      process.kill(-serve.pid!, 'SIGTERM');
      await delay(50);
    }
    await expect.poll(() => said).toContain('"msg":"closing"');
    line.write(body);
    await expect.poll(() => answer).toContain('202 Accepted');
    expect(await ended).toEqual([0, null]);
  },
  120_000,
);

test('is what the commands start', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const node = `node ${AS_SERVED.nodeArgs.join(' ')}`;
  for (const [name, program] of Object.entries({ serve: 'tools/serve.mjs', start: 'server/dist/start.js' })) {
    expect(scripts[name]).toBe(`node tools/pnpmw.mjs --task ${name}`);
    expect(TASKS[name]?.at(-1)).toBe(`${node} ${program}`);
  }
});
