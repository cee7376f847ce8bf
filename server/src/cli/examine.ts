import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { serverFile } from '../files.ts';
import { isLoopback } from '../loopback.ts';
import { isTimeZone } from '../time-zone.ts';
import { databaseFile, inspectStore } from './adapters.ts';
import { examineSources } from './examine-sources.ts';

/** `note`: worth knowing, not wrong. */
export interface Finding {
  check: string;
  verdict: 'ok' | 'note' | 'wrong';
  detail: string;
}

type Environment = Record<string, string | undefined>;
type Check = (config: Config, env: Environment) => Omit<Finding, 'check'>;

const ok = (detail: string) => ({ verdict: 'ok', detail }) as const;
const note = (detail: string) => ({ verdict: 'note', detail }) as const;
const wrong = (detail: string) => ({ verdict: 'wrong', detail }) as const;

/** Below this a store soon cannot be written. */
const FREE_BYTES = 100_000_000;
/** How far (milliseconds) the store may be ahead of the clock: writes and the clock's own corrections. */
const CLOCK_SLACK_MS = 60_000;

const versionOf = (text: string): number[] => text.replace(/^\D+/, '').split('.').map(Number);

/** Enough of semver for this package's `engines`: `^a.b.c` and `>=a.b.c`, joined by `||`. */
function satisfies(version: string, range: string): boolean {
  const [a = 0, b = 0, c = 0] = versionOf(version);
  return range.split('||').some((part) => {
    const [x = 0, y = 0, z = 0] = versionOf(part.trim());
    const notOlder = a > x || (a === x && (b > y || (b === y && c >= z)));
    return part.trim().startsWith('^') ? a === x && notOlder : notOlder;
  });
}

const node: Check = () => {
  const manifest = readFileSync(serverFile('../package.json'), 'utf8');
  const { engines } = JSON.parse(manifest) as { engines: { node: string } };
  const { version } = process;
  return satisfies(version, engines.node) ? ok(version) : wrong(`${version}, but it takes ${engines.node}`);
};

/** The folder itself, or the nearest one above it that exists: there it would be made. */
const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

const dataFolder: Check = ({ dataDir }) => {
  const folder = nearest(resolve(dataDir));
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${dataDir}, ${Math.round(free / 1_000_000)} MB free`;
  return free < FREE_BYTES ? wrong(detail) : ok(detail);
};

/** The file among these that others than its owner can read or write; on Windows, where modes say nothing, none. */
const openToOthers = (files: readonly string[]): string | undefined =>
  process.platform === 'win32'
    ? undefined
    : files.find((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0);

/** By its mode alone: root may write everything, and the server is not run by root. */
const isReadOnly = (file: string): boolean => (statSync(file).mode & 0o600) !== 0o600;

const store: Check = ({ databaseUrl, dataDir }) => {
  // Before SQLite opens the file, which may remove its log.
  const readable = openToOthers(['', '-wal', '-shm'].map((side) => databaseFile(databaseUrl) + side));
  const inspected = inspectStore(databaseUrl);
  const { database } = inspected;
  // Whoever moves one of them usually means both.
  const isApart = resolve(dirname(inspected.file)) !== resolve(dataDir);
  const file = isApart ? `${inspected.file}, which is not in DATA_DIR,` : inspected.file;
  if (database === null) return note(`${file} does not exist yet; the first start makes it`);
  if (database.foreign) return wrong(`${file} is a database of another program; see DATABASE_URL`);
  if (!database.intact) return wrong(`${file} is damaged (${database.finding}); restore a backup`);
  if (database.newer) return wrong(`${file} was written by a newer version`);
  if (readable !== undefined) return wrong(`${readable} can be read by others, and it holds secrets; chmod 600 it`);
  if (isReadOnly(inspected.file)) return wrong(`${file} cannot be written by its owner; chmod 600 it`);
  accessSync(inspected.file, constants.R_OK | constants.W_OK);
  if (database.missingMigrations === 0) return ok(`${file} is whole and up to date`);
  return note(`${file} is whole; the next start applies ${database.missingMigrations} migrations`);
};

const secret: Check = ({ authSecret, dataDir }) => {
  if (authSecret !== null) return ok('AUTH_SECRET is set');
  const file = join(dataDir, 'auth-secret');
  if (!existsSync(file)) return note(`${file} does not exist yet; the first start makes it`);
  return openToOthers([file]) ? wrong(`${file} can be read by others; chmod 600 it`) : ok(`kept in ${file}`);
};

const address: Check = ({ publicUrl, host, demo }) => {
  const { hostname, protocol } = new URL(publicUrl);
  const atHome = isLoopback(hostname);
  if (demo) return note(`${publicUrl}, with the demo`);
  if (atHome && !isLoopback(host))
    return wrong(`PUBLIC_URL is ${publicUrl}, though others reach it at ${host}; links would lead nowhere`);
  if (!atHome && protocol === 'http:') return wrong(`${publicUrl} is not encrypted; tokens would travel in the clear`);
  return atHome ? note(`${publicUrl}: this machine only`) : ok(publicUrl);
};

const inbox: Check = ({ inboxUrl, conversationUrl, canTake }) => {
  const built = existsSync(serverFile('inbox/dist/index.html'));
  if (canTake) return built ? ok(`built in, ${inboxUrl}`) : wrong('the page has not been built; run npm run build');
  const together = new URL(inboxUrl).origin === new URL(conversationUrl).origin;
  return together ? ok(conversationUrl) : wrong(`INBOX_URL and CONVERSATION_URL are at different origins`);
};

const mail: Check = ({ resend, smtp, mailFrom, publicUrl, dataDir }, env) => {
  if (smtp !== null) {
    const server = `SMTP, ${smtp.host}:${smtp.port}`;
    return env.MAIL_FROM ? ok(`${server}, from ${mailFrom}`) : note(`${server}, from ${mailFrom}; set MAIL_FROM`);
  }
  if (resend === null) {
    const detail = `no RESEND_API_KEY and no SMTP_URL, so mail goes to ${join(dataDir, 'mail')}`;
    return isLoopback(new URL(publicUrl).hostname) ? note(detail) : wrong(`${detail}; nobody gets a sign-in code`);
  }
  return env.MAIL_FROM
    ? ok(`Resend, from ${mailFrom}`)
    : wrong(`MAIL_FROM is not set; Resend will not take ${mailFrom}`);
};

const clock: Check = ({ databaseUrl }) => {
  if (!isTimeZone('Europe/Berlin')) return wrong('this Node.js knows no time zones');
  const { file, database } = inspectStore(databaseUrl);
  const written = database === null ? 0 : statSync(file).mtimeMs;
  const now = Date.now();
  const detail = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return written > now + CLOCK_SLACK_MS ? wrong(`${detail} is before the store was last written`) : ok(detail);
};

const CHECKS: [string, Check][] = [
  ['Node.js', node],
  ['data folder', dataFolder],
  ['store', store],
  ['secret', secret],
  ['address', address],
  ['inbox', inbox],
  ['mail', mail],
  ['clock', clock],
];

/** Looks at everything the server needs, and changes nothing. */
export function examine(env: Environment): Finding[] {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ check: 'configuration', ...wrong(error.message) }];
  }
  const findings = CHECKS.map(([check, examineOne]) => {
    try {
      return { check, ...examineOne(config, env) };
    } catch (error) {
      return { check, ...wrong(error instanceof Error ? error.message : String(error)) };
    }
  });
  // A store that is wrong was said above, and its sources cannot be read.
  const isReadable = findings.every(({ check, verdict }) => check !== 'store' || verdict !== 'wrong');
  return isReadable ? [...findings, ...examineSources(config)] : findings;
}
