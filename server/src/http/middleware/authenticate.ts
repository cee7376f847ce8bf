import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { hashToken } from '../../services/token.ts';
import { HttpProblem, unauthorized } from '../problem.ts';

/**
 * The name of the cookie with the inbox page's session. On https it has the prefix with which browsers take it only
 * from this very host (RFC 6265bis, section 4.1.3.2), so that no neighbour under the same domain can plant one.
 */
export const sessionCookie = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-converso_session' : 'converso_session';

/** Only these do no harm when another site makes the browser send them. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The token that the request carries, and by which way. A header wins over the cookie. */
function tokenOf(c: Context<AppEnv>, cookie: string): { token: string; byCookie: boolean } | null {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const [, token] = /^Bearer +([A-Za-z0-9_-]{20,200})$/i.exec(header) ?? [];
    return token === undefined ? null : { token, byCookie: false };
  }
  const token = getCookie(c, cookie);
  return token ? { token, byCookie: true } : null;
}

/**
 * Whether a page of this server sent the request. `Sec-Fetch-Site` is the browser's own word and no page can
 * forge it; browsers without it send `Origin` with every unsafe request.
 */
export function isSameOrigin(c: Context<AppEnv>, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return false;
  return origin === new URL(publicUrl).origin || origin === new URL(c.req.url).origin;
}

/**
 * Sets `c.var.caller`, or answers 401. A cookie comes along with whatever another site makes the browser
 * send, so with a cookie an unsafe method must come from a page of this server, else 403 (OWASP's
 * Cross-Site Request Forgery Prevention: Fetch Metadata, with Origin as the fallback).
 */
export const authenticate = ({
  store,
  clock,
  config,
}: Pick<AppDeps, 'store' | 'clock' | 'config'>): MiddlewareHandler<AppEnv> => {
  const cookie = sessionCookie(config.publicUrl);
  return async (c, next) => {
    const carried = tokenOf(c, cookie);
    if (carried === null) throw unauthorized();
    if (carried.byCookie && !SAFE.has(c.req.method) && !isSameOrigin(c, config.publicUrl)) {
      throw new HttpProblem(403, 'With a cookie this must come from a page of this server.');
    }
    const now = clock.believed?.() ?? clock.now();
    const caller = await store.callerOf(hashToken(carried.token), now);
    if (caller === null) throw unauthorized('The session has ended; sign in again.');
    c.set('caller', caller);
    await next();
  };
};
