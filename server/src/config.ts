import type { Me } from '@converso/shared';
import { z } from 'zod';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { isLoopback } from './loopback.ts';
import { type SmtpServer, SmtpUrl } from './smtp-url.ts';

/** The server's configuration, validated. URLs have no trailing slash. */
export interface Config {
  /** 0 only until the server listens: then it is the port the system gave. */
  port: number;
  host: string;
  publicUrl: string;
  databaseUrl: string;
  dataDir: string;
  /** Unset: one is made and kept in `dataDir`, see `auth-secret.ts`. */
  authSecret: string | null;
  inboxUrl: string;
  /** With the literal `{conversationId}` where the URL-encoded id goes. */
  conversationUrl: string;
  /** True only with the built-in inbox: elsewhere this server cannot assign a chat. */
  canTake: boolean;
  /** Null, and `smtp` too: mail goes to files in `dataDir/mail`. At most one of the two is set. */
  resend: { apiKey: string; baseUrl: string | null } | null;
  smtp: SmtpServer | null;
  /** Null: nobody may tell this server of bounces. */
  resendWebhookSecret: string | null;
  mailFrom: string;
  unrepliedAfterMinutes: number;
  slotGraceMinutes: number;
  /** Scheduled emails that one business may get on one day of its own. */
  maxEmailsPerDay: number;
  /** How many proxies in front may name the client's address. */
  trustProxy: number;
  demo: boolean;
  logLevel: LogLevel;
}

/** A wrong value in the environment. The message is one line for the operator. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const wholeNumber = (from: number, to: number, fallback: number) => {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .pipe(z.number().min(from, message).max(to, message))
    .default(fallback);
};

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const httpUrl = z
  .string()
  .refine(isHttpUrl, 'must be a URL that begins with http:// or https://')
  .transform((url) => url.replace(/\/+$/, ''));

const isOrigin = (text: string): boolean => {
  const { pathname, search, hash, username } = new URL(text);
  return pathname === '/' && search + hash + username === '';
};
const origin = z
  .string()
  .refine(
    (text) => isHttpUrl(text) && isOrigin(text),
    'must be an origin without a path, for example https://notify.example.com',
  )
  .transform((text) => new URL(text).origin);

const flag = z
  .enum(['0', '1', 'false', 'true'], 'must be 0 or 1')
  .transform((word) => word === '1' || word === 'true')
  .default(false);

const ADDRESS = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

const Environment = z.object({
  PORT: wholeNumber(0, 65_535, 8787),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATABASE_URL: z
    .string()
    .startsWith('file:', 'must be a SQLite file, for example file:./data/converso.db')
    .default('file:./data/converso.db'),
  DATA_DIR: z.string().default('./data'),
  AUTH_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  INBOX_URL: httpUrl.optional(),
  CONVERSATION_URL: z
    .string()
    .refine((url) => isHttpUrl(url) && url.includes('{conversationId}'), 'must be a URL that contains {conversationId}')
    .optional(),
  RESEND_API_KEY: z.string().optional(),
  SMTP_URL: SmtpUrl.optional(),
  RESEND_BASE_URL: httpUrl.optional(),
  RESEND_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/, 'must be the secret that Resend shows, whsec_ and base64')
    .optional(),
  MAIL_FROM: z.string().regex(ADDRESS, 'must be an address, for example Converso <notify@example.com>').optional(),
  UNREPLIED_AFTER_MINUTES: wholeNumber(0, 10_080, 15),
  SLOT_GRACE_MINUTES: wholeNumber(0, 1_440, 120),
  MAX_EMAILS_PER_DAY: wholeNumber(0, 999_999, 4_000),
  TRUST_PROXY: wholeNumber(0, 10, 0),
  DEMO: flag,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

/** What this server is reached at when nobody says otherwise. A name, not an address, so that cookies are shared. */
const defaultPublicUrl = (port: number): string => `http://localhost:${port}`;

/**
 * Reads and checks the environment; a variable that is empty counts as unset.
 * @throws ConfigError naming the first wrong variable.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ConfigError(`${issue.path.join('.')} ${issue.message}.`);
  }
  const e = parsed.data;
  const publicUrl = e.PUBLIC_URL ?? defaultPublicUrl(e.PORT);
  const builtIn = `${publicUrl}/inbox`;
  const inboxUrl = e.INBOX_URL ?? builtIn;
  if (e.INBOX_URL !== undefined && e.CONVERSATION_URL === undefined && /[?#]/.test(e.INBOX_URL)) {
    throw new ConfigError('CONVERSATION_URL must be set, because INBOX_URL has a query or a fragment.');
  }
  const conversationUrl = e.CONVERSATION_URL ?? `${inboxUrl}/{conversationId}`;
  if (e.DEMO && !(isLoopback(e.HOST) && isLoopback(new URL(publicUrl).hostname))) {
    throw new ConfigError('DEMO may only be 1 where HOST and PUBLIC_URL are this machine (127.0.0.1, localhost).');
  }
  if (e.RESEND_API_KEY && e.SMTP_URL)
    throw new ConfigError('RESEND_API_KEY and SMTP_URL are both set; set one of them.');
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl,
    databaseUrl: e.DATABASE_URL,
    dataDir: e.DATA_DIR,
    authSecret: e.AUTH_SECRET ?? null,
    inboxUrl,
    conversationUrl,
    canTake: inboxUrl === builtIn && conversationUrl === `${builtIn}/{conversationId}`,
    resend: e.RESEND_API_KEY ? { apiKey: e.RESEND_API_KEY, baseUrl: e.RESEND_BASE_URL ?? null } : null,
    smtp: e.SMTP_URL ?? null,
    resendWebhookSecret: e.RESEND_WEBHOOK_SECRET ?? null,
    mailFrom: e.MAIL_FROM ?? `Converso <notifications@${new URL(publicUrl).hostname}>`,
    unrepliedAfterMinutes: e.UNREPLIED_AFTER_MINUTES,
    slotGraceMinutes: e.SLOT_GRACE_MINUTES,
    maxEmailsPerDay: e.MAX_EMAILS_PER_DAY,
    trustProxy: e.TRUST_PROXY,
    demo: e.DEMO,
    logLevel: e.LOG_LEVEL,
  };
}

/** Where conversations open, as an agent's devices are told. */
export const inboxOf = ({ inboxUrl, conversationUrl, canTake }: Config): Me['inbox'] => ({
  url: inboxUrl,
  conversationUrl,
  canTake,
});

/** Whether emails only go to files. That is right for the demo; elsewhere sign-in codes reach nobody. */
export const hasNoMail = ({ resend, smtp, demo }: Pick<Config, 'resend' | 'smtp' | 'demo'>): boolean =>
  resend === null && smtp === null && !demo;

/** What that means, for the operator. */
export const NO_MAIL =
  'neither RESEND_API_KEY nor SMTP_URL is set, so emails, sign-in codes among them, go to files in DATA_DIR/mail';
