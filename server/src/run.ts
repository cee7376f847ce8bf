import { ConfigError, readConfig } from './config.ts';
import { StartError } from './http/listen.ts';
import { createLog, describeError, type Log } from './log.ts';
import { type RunningServer, startServer } from './main.ts';

/** One line for the operator, without a stack: it is about their machine, not about this program. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `wrong configuration: ${error.message}`;
  if (error instanceof StartError) return error.message;
  return `cannot start: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
}

/**
 * Ends the process in order. Further signals change nothing: Ctrl+C reaches this process from the terminal and
 * again from the programs that started it, and closing is bounded in time anyway.
 */
function closeOnSignals(server: RunningServer, log: Log): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (closing) return;
      closing = true;
      log.info({ signal }, 'closing');
      await server.close();
      process.exit(0);
    });
  }
}

/**
 * Runs the server as this process, until a signal ends it. What keeps it from starting is said in one line on
 * standard error, with exit code 1.
 */
export async function runServer(env: Record<string, string | undefined>): Promise<RunningServer> {
  try {
    const log = createLog(readConfig(env).logLevel);
    // What nobody caught may have left anything half done, so the process ends; its keeper starts it again.
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error) => {
        log.fatal(describeError(error), 'ended by an unexpected error');
        process.exit(1);
      });
    }
    const server = await startServer(env, log);
    closeOnSignals(server, log);
    return server;
  } catch (error) {
    console.error(`converso: ${explain(error)}`);
    process.exit(1);
  }
}
