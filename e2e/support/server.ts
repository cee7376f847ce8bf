import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempEnvironment } from './seed.ts';
import { AS_SERVED, serverProcess } from './server-process.ts';

const CLI = join(import.meta.dirname, '../../server/src/cli/main.ts');

/** The built server in a process of its own, with everything it keeps in a folder of its own. */
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

/** Starts the server and waits until it is ready. `environment` is added to what it needs. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const place = tempEnvironment();
  const env = { ...place.env, HOME: place.folder, ...environment };
  const server = await serverProcess(env, AS_SERVED);
  const { port } = new URL(server.origin);
  await server.start();
  return {
    // `localhost`, because that is the host which the extension's build grants.
    url: `http://localhost:${port}`,
    dataDir: place.folder,
    async cli<Value>(...args: string[]) {
      const cliEnv = { PATH: process.env.PATH, ...env, PORT: port };
      const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, '--json'], { env: cliEnv });
      return JSON.parse(stdout) as Value;
    },
    kill: () => server.stop('SIGKILL'),
    start: () => server.start(),
    async close() {
      await server.stop();
      place.remove();
    },
  };
}
