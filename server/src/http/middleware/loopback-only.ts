import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../../deps.ts';
import { isLoopback } from '../../loopback.ts';
import { HttpProblem } from '../problem.ts';

/** What proxies add; whoever came through one is not at this machine. */
const FORWARDING = ['forwarded', 'via', 'x-real-ip'];

/**
 * For pages that show what nobody else may see: 403 unless the request names this machine as its host and came
 * through no proxy. The Host header decides, and not the socket alone, because a page of another site can have
 * its own name point to 127.0.0.1 (DNS rebinding).
 */
export const loopbackOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  const host = (c.req.header('host') ?? new URL(c.req.url).host).replace(/:\d+$/, '');
  const names = Object.keys(c.req.header());
  const forwarded = names.some((name) => FORWARDING.includes(name) || name.startsWith('x-forwarded-'));
  if (forwarded || !isLoopback(host)) throw new HttpProblem(403, 'This page is for this machine only.');
  await next();
};
