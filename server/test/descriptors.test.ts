/** The real server, with few file descriptors: Linux and macOS have `ulimit`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './store/temporary-folder.ts';

/** Enough for the server to start. */
const DESCRIPTORS = 100;

test.skipIf(process.platform === 'win32')(
  'a server without a free file descriptor logs it and counts it, and goes on when some are free',
  { timeout: 40_000 },
  async () => {
    const folder = temporaryFolder();
    const program = [process.execPath, join(import.meta.dirname, '../src/serve.ts')];
    const server = spawn('/bin/sh', ['-c', `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, ...program], {
      env: { PATH: process.env.PATH, HOME: folder, PORT: '0', DATA_DIR: folder, DATABASE_URL: `file:${folder}/c.db` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(server, 'exit');
    const clients: Socket[] = [];
    onTestFinished(async () => {
      for (const client of clients) client.destroy();
      server.kill('SIGKILL');
      await exited;
    });
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    const says = (text: string) => expect.poll(() => said, { timeout: 15_000 }).toContain(text);
    await says('"msg":"listening"');
    const port = Number(/"port":(\d+)/.exec(said)![1]);

    // Those that the server has no descriptor for are closed by it.
    for (let n = 0; n < DESCRIPTORS; n += 1) clients.push(connect(port, '127.0.0.1').on('error', () => undefined));
    await says('no file descriptor is left; new connections are closed');
    for (const client of clients) client.destroy();
    await says('file descriptors are free again');
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^converso_out_of_file_descriptors_seconds_total [1-9]/m);
    expect(said.match(/no file descriptor is left/g)).toHaveLength(1);
  },
);
