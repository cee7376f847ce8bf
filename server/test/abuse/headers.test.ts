import { expect, test } from 'vitest';
import { openTarget } from './target.ts';

const PAGES = ['/inbox', '/inbox/c1', '/inbox/a/b', '/docs', '/unsubscribe?token=x', '/demo', '/dev/mail'];

/** The policy's directives by name. */
const directives = (policy: string | null): Map<string, string> =>
  new Map(
    (policy ?? '').split(';').map((part) => [part.trim().split(' ')[0]!, part.trim().split(' ').slice(1).join(' ')]),
  );

test('every page allows no script but its own, stands in nobody’s frame and tells other sites nothing', async () => {
  const { origin } = await openTarget({ DEMO: '1' });
  for (const path of PAGES) {
    const { headers } = await fetch(origin + path);
    expect([path, headers.get('content-type')]).toEqual([path, expect.stringMatching(/^text\/html/)]);
    const policy = directives(headers.get('content-security-policy'));
    expect([path, policy.get('default-src')]).toEqual([path, "'none'"]);
    expect([path, policy.get('script-src') ?? "'none'"]).toEqual([path, expect.stringMatching(/^'(self|none)'$/)]);
    expect([path, policy.get('frame-ancestors')]).toEqual([path, expect.stringMatching(/^'(none|self)'$/)]);
    expect([path, policy.get('base-uri')]).toEqual([path, "'none'"]);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  }
  for (const path of [...PAGES, '/', '/nothing', '/healthz', '/openapi.json', '/page.css', '/v1/me', '/v1/nothing']) {
    const { headers } = await fetch(origin + path, { redirect: 'manual' });
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    expect([path, headers.get('referrer-policy')]).toEqual([
      path,
      expect.stringMatching(/^(same-origin|no-referrer)$/),
    ]);
    expect([path, headers.get('x-powered-by'), headers.get('server')]).toEqual([path, null, null]);
    expect([path, headers.get('access-control-allow-origin')]).toEqual([path, null]);
    expect([path, headers.get('cross-origin-resource-policy')]).toEqual([path, 'same-origin']);
  }
});

test('what the API answers is kept by no cache', async () => {
  const { origin, token } = await openTarget();
  const headers = { authorization: `Bearer ${token}` };
  for (const path of ['/v1/me', '/v1/notifications', '/v1/me/sessions', '/v1/conversations?view=team', '/v1/nothing']) {
    expect([path, (await fetch(origin + path, { headers })).headers.get('cache-control')]).toEqual([path, 'no-store']);
  }
});

test('what is of the moment, or of one person, is kept by no cache outside the API either', async () => {
  const { origin } = await openTarget();
  for (const path of ['/metrics', '/healthz', '/readyz', '/unsubscribe?token=x', '/nothing']) {
    expect([path, (await fetch(origin + path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  }
});

test('with an https origin browsers are told to keep to it, and the cookie is for https alone', async () => {
  const { origin } = await openTarget({ PUBLIC_URL: 'https://notify.example.com' });
  expect((await fetch(`${origin}/inbox`)).headers.get('strict-transport-security')).toBe('max-age=31536000');
  const { origin: plain } = await openTarget();
  expect((await fetch(`${plain}/inbox`)).headers.get('strict-transport-security')).toBeNull();
});
