import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from '../../deps.ts';
import { sessionCookie } from './authenticate.ts';

/** Seconds. Browsers allow no more; the store ends a session that is unused for 90 days. */
const COOKIE_MAX_AGE = 400 * 24 * 60 * 60;

const attributes = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: publicUrl.startsWith('https:') }) as const;

/** Signs the browser in to the inbox page; scripts never see the token. */
export const setSessionCookie = (c: Context<AppEnv>, publicUrl: string, token: string): void =>
  setCookie(c, sessionCookie(publicUrl), token, { ...attributes(publicUrl), maxAge: COOKIE_MAX_AGE });

/** Takes the cookie back. */
export const clearSessionCookie = (c: Context<AppEnv>, publicUrl: string): void =>
  void deleteCookie(c, sessionCookie(publicUrl), attributes(publicUrl));
