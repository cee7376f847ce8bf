// @vitest-environment node
import { expect, test } from 'vitest';
import { type PageRefusal, pageRefusal } from '../../domain/page-address.ts';
import type { ServerPolicy } from '../../domain/server-address.ts';

const SERVER = 'https://chat.example';

test.each<[string, string, ServerPolicy, PageRefusal | null]>([
  ['at the server', 'https://chat.example/inbox/c1', {}, null],
  ['at a site that the agent granted', 'https://granted.example/c1', {}, null],
  [
    'at a site that the policy granted',
    'https://policy.example/c1',
    { inboxOrigins: ['https://policy.example/'] },
    null,
  ],
  ['elsewhere', 'https://evil.example/c1', {}, 'not_granted'],
  ['elsewhere, with the server as its user', 'https://chat.example@evil.example/', {}, 'not_granted'],
  ['below the server’s name', 'https://chat.example.evil.example/', {}, 'not_granted'],
  ['at another port of the server', 'https://chat.example:8443/', {}, 'not_granted'],
  ['at the server, but by plain http', 'http://chat.example/', {}, 'plain_http'],
  ['by plain http at a site that the agent granted', 'http://granted.example/', {}, 'plain_http'],
  ['by plain http where the policy says so', 'http://granted.example/', { allowHttp: true }, null],
  ['by plain http at a private address that nobody granted', 'http://10.0.0.1/', {}, 'not_granted'],
  ['in a file', 'file:///etc/passwd', {}, 'not_web'],
  ['in itself', 'data:text/html,<h1>Sign in</h1>', {}, 'not_web'],
  ['in the browser', 'chrome://settings/c1', {}, 'not_web'],
  ['a script', 'javascript:alert(1)', {}, 'not_web'],
  ['nowhere', 'inbox/c1', {}, 'no_address'],
  ['empty', '', {}, 'no_address'],
])('a page %s', async (_name, url, policy, refusal) => {
  const isGranted = async (pattern: string) => /^https?:\/\/granted\.example\/\*$/.test(pattern);
  expect(await pageRefusal(url, SERVER, policy, isGranted)).toBe(refusal);
});
