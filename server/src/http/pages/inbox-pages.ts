import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, MiddlewareHandler } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import type { AppEnv } from '../../deps.ts';
import { serverFile } from '../../files.ts';
import { newRoutes, notFoundProblem } from '../problem.ts';
import { answerFixed, fixed, once } from './fixed.ts';

/** The built inbox page. */
const INBOX = serverFile('inbox/dist');

/** Nothing but what this server sends itself, no inline script, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Headers of every answer. What needs another content security policy or referrer policy sets its own, and keeps it.
 * `no-referrer` would also hide the origin from this server's own checks, so it is `same-origin`.
 */
export const securityHeaders =
  ({ publicUrl }: { publicUrl: string }): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    await next();
    const { headers } = c.res;
    if (headers.has('x-hono-already-sent')) return;
    headers.set('X-Content-Type-Options', 'nosniff');
    if (!headers.has('referrer-policy')) headers.set('Referrer-Policy', 'same-origin');
    // A browser that has been here by https once does not try http again.
    if (publicUrl.startsWith('https:')) headers.set('Strict-Transport-Security', 'max-age=31536000');
    // Nothing here is for another site's page to embed (Spectre).
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    // Answers are about one agent or one moment: no cache may keep one that does not say so itself.
    if (!headers.has('cache-control')) headers.set('Cache-Control', 'no-store');
    if (!headers.get('content-type')?.startsWith('text/html')) return;
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    if (!headers.has('content-security-policy')) headers.set('Content-Security-Policy', POLICY);
  };

const NOT_BUILT = 'The inbox page has not been built. Run `npm run build` and load this page again.\n';

const fileType = (file: string): string => getMimeType(file) ?? 'application/octet-stream';

/** The built-in inbox: one page at `/inbox` and at every conversation's address below it, and its files. */
export function pageRoutes(folder: string = INBOX) {
  const app = newRoutes();
  // Read at the first use and then kept: no request costs a read of the disk.
  const read = (...path: string[]) => once(async () => fixed(await readFile(join(folder, ...path))));
  const readAll = (names: string[], ...path: string[]) => new Map(names.map((name) => [name, read(...path, name)]));

  app.get('/', (c) => c.redirect('/inbox'));

  // Named by a hash of their content, so they never change. The names are read once, so no request can leave the folder.
  const hashed = readAll(filesIn(join(folder, '_assets')), '_assets');
  app.get('/inbox/_assets/:file', async (c) => {
    const file = c.req.param('file');
    const content = hashed.get(file);
    if (content === undefined) throw notFoundProblem();
    const headers = { 'Content-Type': fileType(file), 'Cache-Control': 'public, max-age=31536000, immutable' };
    return answerFixed(c, await content(), headers);
  });

  const index = read('index.html');
  const page = async (c: Context<AppEnv>) => {
    const content = await index().catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (content === null) return c.text(NOT_BUILT, 503);
    return answerFixed(c, content, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
  };
  const plain = readAll(filesIn(folder).filter((file) => file !== 'index.html'));
  app.get('/inbox', page);
  app.get('/inbox/:file', async (c) => {
    const file = c.req.param('file');
    const content = plain.get(file);
    if (content === undefined) return page(c);
    return answerFixed(c, await content(), { 'Content-Type': fileType(file), 'Cache-Control': 'max-age=3600' });
  });
  app.get('/inbox/*', page);
  return app;
}

/** The names of a folder's files; none where it is missing. */
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
    : [];
