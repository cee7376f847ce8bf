/** The server as a process of its own, which can be killed, frozen and started again on the same data and port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** How Node.js is given the server. */
export interface Program {
  main: string;
  nodeArgs: readonly string[];
}

const FROM_SOURCE: Program = { main: join(import.meta.dirname, '../../server/src/serve.ts'), nodeArgs: [] };

/** The built server, as `npm run serve` starts it. */
export const AS_SERVED: Program = {
  main: join(import.meta.dirname, '../../server/dist/main.js'),
  nodeArgs: ['--enable-source-maps', '--max-semi-space-size=16'],
};

const START_MS = 60_000;

export interface ServerProcess {
  readonly origin: string;
  readonly pid: number;
  /** Everything it wrote to its standard output, over all its lives. */
  readonly log: string;
  start(): Promise<void>;
  /** Ends it by that signal and resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Resident memory in MiB; null where the system does not tell. */
  memory(): number | null;
}

/**
 * A server that is not running yet.
 * @throws if that program is not there, which only the built one can be
 */
export async function serverProcess(
  env: Record<string, string>,
  { main, nodeArgs }: Program = FROM_SOURCE,
): Promise<ServerProcess> {
  if (!existsSync(main)) throw new Error(`There is no ${main}; run "npm run build".`);
  // Chosen once, so that devices find it again after a restart.
  const port = Number(env.PORT ?? 0) || (await freePort());
  let child: ChildProcess | null = null;
  let log = '';
  let exited: Promise<unknown> = Promise.resolve();

  const server: ServerProcess = {
    origin: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? 0;
    },
    get log() {
      return log;
    },
    async start(): Promise<void> {
      const started = spawn(process.execPath, [...nodeArgs, main], {
        env: { PATH: process.env.PATH, ...env, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      exited = once(started, 'exit');
      let errors = '';
      started.stderr!.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
        log += text;
      });
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the server did not start in time')), START_MS);
        const gone = (): void => reject(new Error(`the server ended at its start: ${errors}`));
        started.once('exit', gone);
        let here = '';
        started.stdout!.setEncoding('utf8').on('data', (text: string) => {
          log += text;
          if (here === 'listening') return;
          here += text;
          if (!here.includes('"msg":"listening"')) return;
          here = 'listening';
          clearTimeout(late);
          started.off('exit', gone);
          resolve();
        });
      });
    },
    async stop(signal = 'SIGTERM'): Promise<void> {
      child?.kill(signal);
      await exited;
    },
    signal: (signal) => void child?.kill(signal),
    memory(): number | null {
      if (process.platform !== 'linux') return null;
      const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
    },
  };
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
