import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { authSecret } from '../src/auth-secret.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { isTimeZone } from '../src/time-zone.ts';

describe('the configuration', () => {
  test('without any environment', () => {
    expect(readConfig({})).toEqual({
      port: 8787,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:8787',
      databaseUrl: 'file:./data/converso.db',
      dataDir: './data',
      authSecret: null,
      inboxUrl: 'http://localhost:8787/inbox',
      conversationUrl: 'http://localhost:8787/inbox/{conversationId}',
      canTake: true,
      resend: null,
      smtp: null,
      resendWebhookSecret: null,
      mailFrom: 'Converso <notifications@localhost>',
      unrepliedAfterMinutes: 15,
      slotGraceMinutes: 120,
      maxEmailsPerDay: 4000,
      trustProxy: 0,
      demo: false,
      logLevel: 'info',
    });
  });

  test('takes an empty variable for an unset one', () => {
    expect(readConfig({ PORT: '', INBOX_URL: ' ', DEMO: '' })).toEqual(readConfig({}));
  });

  test('follows the port in what is derived from it', () => {
    expect(readConfig({ PORT: '9000' }).inboxUrl).toBe('http://localhost:9000/inbox');
  });

  test.each([
    [{}, true],
    [{ PUBLIC_URL: 'https://notify.example.com/' }, true],
    [{ PUBLIC_URL: 'https://n.example.com', INBOX_URL: 'https://n.example.com/inbox' }, true],
    [{ INBOX_URL: 'https://app.converso.example/inbox' }, false],
    [{ CONVERSATION_URL: 'https://app.converso.example/c/{conversationId}' }, false],
  ])('%j: chats can be taken here: %j', (env, canTake) => {
    expect(readConfig(env).canTake).toBe(canTake);
  });

  test.each([
    ['https://notify.example.com/', 'https://notify.example.com'],
    ['https://Notify.Example.com:443', 'https://notify.example.com'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
  ])('takes %s for the origin %s', (given, publicUrl) => {
    expect(readConfig({ PUBLIC_URL: given }).publicUrl).toBe(publicUrl);
  });

  test('derives the address of a conversation from that of the inbox', () => {
    const { inboxUrl, conversationUrl } = readConfig({ INBOX_URL: 'https://app.converso.example/inbox/' });
    expect(inboxUrl).toBe('https://app.converso.example/inbox');
    expect(conversationUrl).toBe('https://app.converso.example/inbox/{conversationId}');
  });

  test('sends through Resend where there is a key', () => {
    const { resend, mailFrom } = readConfig({
      RESEND_API_KEY: 're_1',
      RESEND_BASE_URL: 'http://localhost:1/',
      MAIL_FROM: 'Converso <n@example.com>',
    });
    expect(resend).toEqual({ apiKey: 're_1', baseUrl: 'http://localhost:1' });
    expect(mailFrom).toBe('Converso <n@example.com>');
  });

  test.each([
    ['smtp://us:p%40ss@smtp.example.com', { host: 'smtp.example.com', port: 587, secure: false, requireTls: true }],
    ['smtps://us:p%40ss@smtp.example.com', { host: 'smtp.example.com', port: 465, secure: true, requireTls: false }],
    ['smtp://us:p%40ss@127.0.0.1:1025', { host: '127.0.0.1', port: 1025, secure: false, requireTls: false }],
  ])('sends through the SMTP server of %s', (url, server) => {
    expect(readConfig({ SMTP_URL: url }).smtp).toEqual({ ...server, auth: { user: 'us', pass: 'p@ss' } });
  });

  test('sends by SMTP without a password where none is given', () => {
    expect(readConfig({ SMTP_URL: 'smtp://mail.internal:25' }).smtp).toMatchObject({ requireTls: false, auth: null });
  });

  test('refuses two ways to send', () => {
    expect(() => readConfig({ RESEND_API_KEY: 're_1', SMTP_URL: 'smtp://localhost' })).toThrow(ConfigError);
  });

  test.each([
    { PORT: 'http' },
    { PORT: '65536' },
    { PORT: '-1' },
    { PUBLIC_URL: 'notify.example.com' },
    { PUBLIC_URL: 'ftp://notify.example.com' },
    { PUBLIC_URL: 'https://notify.example.com/converso' },
    { PUBLIC_URL: 'https://notify.example.com?a=1' },
    { PUBLIC_URL: 'https://ana@notify.example.com' },
    { DATABASE_URL: 'postgres://localhost/converso' },
    { AUTH_SECRET: 'short' },
    { INBOX_URL: 'inbox' },
    { CONVERSATION_URL: 'https://app.converso.example/c/' },
    { RESEND_BASE_URL: 'localhost' },
    { SMTP_URL: 'smtp.example.com:587' },
    { SMTP_URL: 'http://smtp.example.com' },
    { SMTP_URL: 'smtp://us@smtp.example.com' },
    { SMTP_URL: 'smtp://smtp.example.com/?tls=0' },
    { SMTP_URL: 'smtp://us:100%@smtp.example.com' },
    { RESEND_WEBHOOK_SECRET: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    { RESEND_WEBHOOK_SECRET: 'whsec_not base64 at all' },
    { MAIL_FROM: 'nobody' },
    { UNREPLIED_AFTER_MINUTES: '1.5' },
    { SLOT_GRACE_MINUTES: '9999' },
    { MAX_EMAILS_PER_DAY: 'unlimited' },
    { TRUST_PROXY: 'true' },
    { DEMO: 'yes' },
    { LOG_LEVEL: 'loud' },
  ])('refuses %j in one line that names the variable', (env) => {
    const [name] = Object.keys(env);
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(new RegExp(`^${name} must [^\\n]+\\.$`));
  });

  test.each([
    [{}, true],
    [{ HOST: 'localhost' }, true],
    [{ HOST: '::1', PUBLIC_URL: 'http://[::1]:8787' }, true],
    [{ PUBLIC_URL: 'http://converso.localhost:8787' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: '192.168.1.2' }, false],
    [{ PUBLIC_URL: 'https://notify.example.com' }, false],
    [{ PUBLIC_URL: 'http://localhost.evil.example' }, false],
    [{ PUBLIC_URL: 'http://127.0.0.1.evil.example' }, false],
  ])('%j: the demo is allowed: %j', (env, allowed) => {
    const read = () => readConfig({ ...env, DEMO: '1' }).demo;
    if (allowed) expect(read()).toBe(true);
    else expect(read).toThrow(ConfigError);
  });
});

describe('the secret', () => {
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'converso-secret-'));
    onTestFinished(() => rmSync(made, { recursive: true }));
    return made;
  };

  test('is the configured one', () => {
    expect(authSecret({ authSecret: 'configured', dataDir: '/nowhere' })).toBe('configured');
  });

  test('is made once, kept, and readable by its owner only', () => {
    const dataDir = join(folder(), 'data');
    const made = authSecret({ authSecret: null, dataDir });
    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
    expect(authSecret({ authSecret: null, dataDir })).toBe(made);
    expect(readFileSync(join(dataDir, 'auth-secret'), 'utf8')).toBe(made);
    expect(statSync(join(dataDir, 'auth-secret')).mode & 0o777).toBe(0o600);
    expect(authSecret({ authSecret: null, dataDir: folder() })).not.toBe(made);
  });
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['America/Argentina/Ushuaia', true],
  ['', false],
  [' ', false],
  ['+01:00', false],
  ['Europe/Atlantis', false],
])('%j is a time zone: %j', (zone, expected) => {
  expect(isTimeZone(zone)).toBe(expected);
});
