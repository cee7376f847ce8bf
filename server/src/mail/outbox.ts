import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { type Clock, type Email, MailError, type Mailer } from '../ports.ts';
import { BatchError, type BatchMailer, type EmailResult, type FrozenEmail } from '../ports-digests.ts';
import { outboxFolder } from './letters.ts';

type Letter = Omit<Email, 'idempotencyKey'>;

/** Composes letters and puts them into the folder; the same key makes one letter, whenever it is put there again. */
function outboxOf(dataDir: string, from: string, clock: Clock) {
  const folder = outboxFolder(dataDir);
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const compose = async ({ to, subject, text, html, headers }: Letter, date: Date) => {
    const { message } = await composer.sendMail({
      from,
      to,
      subject,
      text,
      html,
      date,
      textEncoding: 'quoted-printable',
      ...(headers ? { headers } : {}),
    });
    return message;
  };
  const put = async (letter: Letter, idempotencyKey: string): Promise<void> => {
    const date = new Date(clock.now());
    const key = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 12);
    const name = `${date.toISOString().replace(/[-:.]/g, '')}-${key}.eml`;
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).some((other) => other.endsWith(`-${key}.eml`))) return;
    const message = await compose(letter, date);
    // Renamed when it is whole, so that a reader never sees half a letter; named like no other, because two
    // processes may write the same one.
    const unfinished = join(folder, `.${name}.${randomUUID()}.tmp`);
    await writeFile(unfinished, message, { mode: 0o600 });
    await rename(unfinished, join(folder, name));
  };
  return { put, compose };
}

const whyNot = (error: unknown): string => `the outbox folder: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`;

/**
 * Writes each email as one `.eml` file, whose name sorts by time: for development and the demo, or for a mail
 * system that picks files up.
 */
export function outboxMailer(dataDir: string, from: string, clock: Clock): Mailer {
  const { put, compose } = outboxOf(dataDir, from, clock);
  return {
    async send({ idempotencyKey, ...letter }: Email) {
      await put(letter, idempotencyKey).catch((error) => {
        throw new MailError(whyNot(error), true);
      });
    },
    async rehearse({ idempotencyKey: _, ...letter }: Email) {
      await compose(letter, new Date(clock.now()));
    },
  };
}

/** The same for batches, one letter an email. */
export function outboxBatches(dataDir: string, from: string, clock: Clock): BatchMailer {
  const { put } = outboxOf(dataDir, from, clock);
  return {
    limit: 100,
    async sendBatch(emails: readonly FrozenEmail[], idempotencyKey: string): Promise<EmailResult[]> {
      try {
        for (const [position, email] of emails.entries()) await put(email, `${idempotencyKey}/${position}`);
        return emails.map(() => ({ outcome: 'sent' }));
      } catch (error) {
        throw new BatchError('unclear', whyNot(error));
      }
    },
  };
}
