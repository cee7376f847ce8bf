import { type DestinationStream, type Logger, pino } from 'pino';
import type { StoreUnusable } from './ports/store.ts';

export type Log = Logger;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Fields that would tell who wrote what to whom. Nobody should log them in the first place; this is the
 * net below. Each is censored at the top level and one level down.
 */
const PERSONAL = [
  'text',
  'name',
  'address',
  'email',
  'to',
  'token',
  'ticket',
  'code',
  'secret',
  'authorization',
  'cookie',
  'body',
];

const FLUSH_MS = 100;
const FLUSH_BYTES = 4096;
/** Bytes kept for a reader of the log that has stopped reading; what comes on top is lost, so that the server goes on. */
const KEPT_BYTES = 8 * 1024 * 1024;

const toStandardOutput = (): DestinationStream =>
  pino.destination({ dest: 1, sync: false, minLength: FLUSH_BYTES, periodicFlush: FLUSH_MS, maxLength: KEPT_BYTES });

/**
 * Structured logs, one JSON object a line, on standard output unless told otherwise. There they are written beside the
 * work, not within it, and some at once: a line may be 100 ms late. All are out when the process ends in order or by an
 * error of its own; a kill may lose the last.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: PERSONAL.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  return pino(options, destination ?? toStandardOutput());
}

/** The one line about a store that is not used any more; what fails because of it is not logged again. */
export function logUnusable(log: Log, unusable: StoreUnusable): void {
  log.fatal({ reason: unusable.reason, ...describeError(unusable) }, 'the store is not used any more');
}

/**
 * What may be logged of an error: its kind, its code and where it happened. Messages are left out,
 * because those of a database driver or a parser quote the values they choked on.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: error.constructor.name,
    ...(typeof code === 'string' ? { errorCode: code } : {}),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
