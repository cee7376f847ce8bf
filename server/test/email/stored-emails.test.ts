import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { fileMailer } from '../../src/email/file/file-mailer.ts';
import { readStoredEmail, readStoredEmails } from '../../src/email/file/stored-emails.ts';

let dataDir: string;
let now: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'converso-mail-'));
  now = Date.UTC(2026, 10, 23, 8);
  return () => rmSync(dataDir, { recursive: true });
});

const send = (subject: string, more: object = {}) =>
  fileMailer(dataDir, 'Converso <n@localhost>', { now: () => now }).send({
    to: 'ana@acme.example',
    subject,
    text: `${subject}: naïve text`,
    html: `<p>${subject}: <b>naïve</b> text</p>`,
    idempotencyKey: subject,
    ...more,
  });

test('a stored email is a file that any mail program reads', async () => {
  await send('Grüße, Ana', { headers: { 'List-Unsubscribe': '<https://x.example/u>' } });
  const [stored] = await readStoredEmails(dataDir, 10);
  expect(stored?.name).toMatch(/^20261123T080000000Z-[0-9a-f]{12}\.eml$/);
  expect(stored?.email).toMatchObject({
    from: { name: 'Converso', address: 'n@localhost' },
    to: [{ address: 'ana@acme.example' }],
    subject: 'Grüße, Ana',
    date: '2026-11-23T08:00:00.000Z',
    text: expect.stringMatching(/^Grüße, Ana: naïve text\n?$/),
  });
  expect(stored?.email.html).toContain('<b>naïve</b>');
  expect(stored?.email.headers).toContainEqual(
    expect.objectContaining({ key: 'list-unsubscribe', value: '<https://x.example/u>' }),
  );
});

test('stored emails are read newest first, as many as asked for, and other files in the folder are ignored', async () => {
  for (const subject of ['first', 'second', 'third']) {
    await send(subject);
    now += 1000;
  }
  writeFileSync(join(dataDir, 'mail', '.half.eml.tmp'), 'half');
  const subjects = (await readStoredEmails(dataDir, 2)).map(({ email }) => email.subject);
  expect(subjects).toEqual(['third', 'second']);
});

test('the same email sent again is stored once', async () => {
  await Promise.all([send('once'), send('once')]);
  now += 60_000;
  await send('once');
  expect(readdirSync(join(dataDir, 'mail'))).toHaveLength(1);
});

test('a folder that cannot be written is worth another try', async () => {
  writeFileSync(join(dataDir, 'mail'), 'a file where the folder should be');
  await expect(send('lost')).rejects.toMatchObject({ name: 'MailError', retryable: true });
});

test('a name that leads out of the folder finds no email', async () => {
  mkdirSync(join(dataDir, 'mail'));
  writeFileSync(join(dataDir, 'secret.eml'), 'Subject: secret\n\n');
  for (const name of ['../secret.eml', '..%2Fsecret.eml', '.eml', 'none.eml', 'a/b.eml']) {
    expect(await readStoredEmail(dataDir, name)).toBeNull();
  }
});

test('an empty folder has no emails', async () => {
  expect(await readStoredEmails(dataDir, 10)).toEqual([]);
});
