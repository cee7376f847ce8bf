import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AppEnv } from '../../src/deps.ts';
import { pageRoutes, securityHeaders } from '../../src/http/pages/inbox-pages.ts';
import { onError } from '../../src/http/problem.ts';
import { createLog } from '../../src/log.ts';

describe('the built-in inbox', () => {
  let folder: string;
  const get = (path: string, method = 'GET') => {
    const app = new OpenAPIHono<AppEnv>();
    app.use(securityHeaders({ publicUrl: 'http://localhost:8787' }));
    app.onError(onError(createLog('silent')));
    return app.route('/', pageRoutes(folder)).request(path, { method });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'converso-pages-'));
    mkdirSync(join(folder, '_assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Inbox</title>');
    writeFileSync(join(folder, 'icon.svg'), '<svg/>');
    writeFileSync(join(folder, '_assets/main-abc123.js'), 'export {};');
    return () => rmSync(folder, { recursive: true });
  });

  test('is where / leads', async () => {
    const answer = await get('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/inbox']);
  });

  test.each([
    '/inbox',
    '/inbox/c1',
    '/inbox/a%2Fb',
    '/inbox/_assets%2Fmain-abc123.js',
    '/inbox/a/b',
    '/inbox/index.html',
  ])('shows its page at %s, which is asked for again each time', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toContain('<title>Inbox</title>');
  });

  test('allows nothing but its own files, and no frame around it', async () => {
    const { headers } = await get('/inbox');
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split('; ')).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  test('gives its files their types, and those that never change for ever', async () => {
    const script = await get('/inbox/_assets/main-abc123.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const icon = await get('/inbox/icon.svg');
    expect(icon.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect((await get('/inbox/_assets/other.js')).status).toBe(404);
    expect((await get('/inbox/_assets/..%2Findex.html')).status).toBe(404);
  });

  test('says what to do where it has not been built', async () => {
    rmSync(join(folder, 'index.html'));
    const answer = await get('/inbox');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });
});
