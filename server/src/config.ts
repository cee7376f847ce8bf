import type { LogLevel } from './log.ts';

/** The server's configuration, validated. URLs have no trailing slash. */
export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  databaseUrl: string;
  dataDir: string;
  /** Signs sign-in codes and unsubscribe links. */
  authSecret: string;
  inboxUrl: string;
  /** With the literal `{conversationId}` where the URL-encoded id goes. */
  conversationUrl: string;
  /** True only with the built-in inbox: elsewhere this server cannot assign a chat. */
  canTake: boolean;
  /** Null: mail goes to files in `dataDir/mail`. */
  resend: { apiKey: string; baseUrl: string | null } | null;
  mailFrom: string;
  unrepliedAfterMinutes: number;
  slotGraceMinutes: number;
  /** How many proxies in front may name the client's address. */
  trustProxy: number;
  demo: boolean;
  logLevel: LogLevel;
}
