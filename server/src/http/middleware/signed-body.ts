import type { Context } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { AppEnv } from '../../deps.ts';
import { invalid } from '../problem.ts';
import { clientAddress, clientKey } from './client-address.ts';
import { consume } from './rate-limit.ts';

/** Wrong signatures from one client address in a minute, before they are answered 429. */
const FORGERIES = { points: 100, duration: 60 };

/**
 * Counts wrong signatures by client address. Only they are counted, and only they are refused: whatever else comes from an
 * address that several senders may share, a right signature is always let in.
 * @returns to be called for each wrong signature; throws the 429 once there were too many
 */
export function limitForgeries(trustProxy: number): (c: Context<AppEnv>) => Promise<void> {
  const forgeries = new RateLimiterMemory(FORGERIES);
  return (c) => consume(forgeries, clientKey(clientAddress(c, trustProxy)));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON of a body whose signature was checked over its bytes.
 * @throws the 422 for bytes that are no UTF-8 and for text that is no JSON
 */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw invalid('body', 'is not valid JSON in UTF-8');
  }
}
