import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from './wait-for.ts';

/** As `npm run serve` starts it; `npm run build` makes it, as it makes the extension. */
const SERVER = ['--enable-source-maps', join(import.meta.dirname, '../../server/dist/main.js')];
const CLI = join(import.meta.dirname, '../../server/src/cli/main.ts');

/** The real server in a process of its own, with everything it keeps in a folder of its own. */
export interface Server {
  /** Origin, without a trailing slash. */
  url: string;
  dataDir: string;
  /** Runs an operator's command with `--json` and gives what it printed. Rejects where it fails. */
  cli<Value>(...args: string[]): Promise<Value>;
  /** Kills the process as a crash would. `start` brings it back with the same data and address. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it in the orderly way and deletes its data. */
  close(): Promise<void>;
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port given');
  return address.port;
}

/** Starts the server and waits until it is ready. `environment` is added to what it needs. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'converso-data-'));
  const port = environment.PORT ?? String(await freePort());
  // `localhost`, because that is the host which the extension's build grants.
  const url = `http://localhost:${port}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: dataDir,
    PORT: port,
    DATA_DIR: dataDir,
    DATABASE_URL: `file:${join(dataDir, 'converso.db')}`,
    LOG_LEVEL: 'warn',
    ...environment,
  };
  let child: ChildProcess | undefined;
  let said = '';

  async function start() {
    const started = spawn(process.execPath, SERVER, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    said = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said = (said + chunk).slice(-10_000);
      });
    }
    const ended = once(started, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code}; it said: ${said}`);
    });
    await Promise.race([ended, waitFor('the server is ready', async () => (await fetch(`${url}/readyz`)).ok)]);
  }

  async function end(signal: NodeJS.Signals) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    url,
    dataDir,
    async cli<Value>(...args: string[]) {
      const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, '--json'], { env });
      return JSON.parse(stdout) as Value;
    },
    kill: () => end('SIGKILL'),
    start,
    async close() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
