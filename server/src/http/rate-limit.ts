/**
 * How often one client address and one email address may try. Counted in this process's memory: a restart
 * forgets the counts, which is worth no database write on each try.
 */
import type { Context } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AppEnv } from '../deps.ts';
import { clientAddress, clientKey } from './client-address.ts';
import { HttpProblem } from './problem.ts';

const WINDOW_S = 15 * 60;

/** Throws the 429 once either the client address or the email address has used up its tries of 15 minutes. */
export type RateLimit = (c: Context<AppEnv>, email: string) => Promise<void>;

/** Counts one try by `key`. @throws the 429 once they are used up */
export async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    const detail = `Too many tries. Please wait ${Math.ceil(seconds / 60)} min.`;
    throw new HttpProblem(429, detail, { headers: { 'Retry-After': String(seconds) } });
  }
}

/**
 * The client address goes first and, where it is refused, alone: else one client could use up the tries of any
 * number of people.
 */
export function rateLimit({
  perClient,
  perEmail,
  trustProxy,
}: Record<'perClient' | 'perEmail' | 'trustProxy', number>): RateLimit {
  const clients = new RateLimiterMemory({ points: perClient, duration: WINDOW_S });
  const emails = new RateLimiterMemory({ points: perEmail, duration: WINDOW_S });
  return async (c, email) => {
    await consume(clients, clientKey(clientAddress(c, trustProxy)));
    await consume(emails, email);
  };
}
