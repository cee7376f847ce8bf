/**
 * How often one client address and one email address may try. Counted in this process's memory: a restart
 * forgets the counts, which is worth no database write on each try.
 */
import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AppEnv } from '../../deps.ts';
import { HttpProblem } from '../problem.ts';
import { clientAddress, clientKey } from './client-address.ts';

const WINDOW_S = 15 * 60;

/** The 429 that says when another try makes sense. */
export function tooMany(ms: number): HttpProblem {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const detail = `Too many tries. Please wait ${Math.ceil(seconds / 60)} min.`;
  return new HttpProblem(429, detail, { headers: { 'Retry-After': String(seconds) } });
}

/** Counts one try by `key`. @throws the 429 once they are used up */
export async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooMany(refused.msBeforeNext);
  }
}

/**
 * Counts the POST requests of a client, before anything of their body is read. Comes before any limit by email address,
 * and alone where it refuses: else one client could use up the tries of any number of people.
 */
export function limitClients({
  points,
  trustProxy,
}: Record<'points' | 'trustProxy', number>): MiddlewareHandler<AppEnv> {
  const clients = new RateLimiterMemory({ points, duration: WINDOW_S });
  return async (c, next) => {
    if (c.req.method === 'POST') await consume(clients, clientKey(clientAddress(c, trustProxy)));
    await next();
  };
}

/** Counts the tries for one email address, whichever client they come from. @throws the 429 once they are used up */
export function limitEmails(points: number): (email: string) => Promise<void> {
  const emails = new RateLimiterMemory({ points, duration: WINDOW_S });
  return (email) => consume(emails, email);
}
