import { expect, test } from 'vitest';
import { fileMailer } from '../../src/email/file/file-mailer.ts';
import { openApp } from './in-process.ts';

async function demo() {
  const app = openApp({ DEMO: '1' });
  const { dataDir } = app.config;
  let now = Date.UTC(2026, 10, 23, 8);
  const send = (subject: string, html: string) => {
    now += 1000;
    const email = { to: 'ana@demo.example', subject, text: `${subject} & text`, html, idempotencyKey: subject };
    return fileMailer(dataDir, 'n@localhost', { now: () => now }).send(email);
  };
  return { ...app, send };
}

test('an empty mailbox says how mail gets there', async () => {
  const { get } = await demo();
  expect((await get('/dev/mail')).body).toContain('No mail yet');
});

test('the newest email is open, and each other one opens by its link', async () => {
  const { get, send } = await demo();
  await send('First', '<p>one</p>');
  await send('<b>Second</b>', '<p>two</p><script>steal()</script>');
  const { body, headers } = await get('/dev/mail');
  expect(body.indexOf('&lt;b&gt;Second&lt;/b&gt;')).toBeLessThan(body.indexOf('First'));
  expect(body).toContain('&lt;b&gt;Second&lt;/b&gt; &amp; text');
  expect(body).toContain('http-equiv="refresh"');
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  const [, link] = /href="(\/dev\/mail\?open=[^"]+)"[^>]*>\s*<strong>First/.exec(body) ?? [];
  const first = (await get(link!)).body;
  expect(first).toContain('First &amp; text');
  expect(first).not.toContain('http-equiv="refresh"');
});

test('an email is shown as it is, but can run and load nothing', async () => {
  const { get, send } = await demo();
  await send('Second', '<p>two</p><script>steal()</script>');
  const [, frame] = /<iframe[^>]* sandbox="([^"]*)"/.exec((await get('/dev/mail')).body) ?? [];
  expect(frame).not.toContain('allow-scripts');
  const [, src] = /<iframe[^>]* src="([^"]+)"/.exec((await get('/dev/mail')).body) ?? [];
  const email = await get(src!);
  expect(email.body).toContain('<p>two</p>');
  expect(email.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*sandbox/);
  expect((await get('/dev/mail/none.eml/html')).status).toBe(404);
});

test.each([
  [{ host: 'notify.example.com' }, 403],
  [{ host: 'evil.example:8787' }, 403],
  [{ 'x-forwarded-for': '127.0.0.1' }, 403],
  [{ 'x-forwarded-host': 'localhost' }, 403],
  [{ forwarded: 'for=127.0.0.1' }, 403],
  [{ host: 'localhost:8787' }, 200],
  [{ host: '127.0.0.1:8787' }, 200],
  [{ host: '[::1]:8787' }, 200],
])('asked with %j it answers %i', async (headers, status) => {
  const { get } = await demo();
  for (const path of ['/dev/mail', '/demo']) {
    expect((await get(path, { headers: headers as Record<string, string> })).status).toBe(status);
  }
});

test('there is none outside the demo', async () => {
  expect((await openApp().get('/dev/mail')).status).toBe(404);
});
