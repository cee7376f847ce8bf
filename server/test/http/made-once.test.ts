import { expect, test, vi } from 'vitest';
import { openApp } from './in-process.ts';

const FILES = [
  '/openapi.json',
  '/docs',
  '/docs/start.js',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/page.css',
];

test.each(FILES)('%s has an entity tag, and who has it already is answered 304', async (path) => {
  const { get } = openApp();
  const first = await get(path);
  const tag = first.headers.get('etag') ?? '';
  expect([first.status, tag]).toEqual([200, expect.stringMatching(/^"[\w-]{20,}"$/)]);
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await get(path, { headers: { 'if-none-match': known } });
    expect([known, again.status, again.body, again.headers.get('etag')]).toEqual([known, 304, '', tag]);
  }
  expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
});

test('the description of the API is made once', async () => {
  const { app, get } = openApp();
  const making = vi.spyOn(app, 'getOpenAPI31Document');
  const [one, two] = [await get('/openapi.json'), await get('/openapi.json')];
  expect(one.body).toEqual(two.body);
  expect(making).toHaveBeenCalledTimes(1);
});
