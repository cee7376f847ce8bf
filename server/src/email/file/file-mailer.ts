import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BatchError,
  type BatchMailer,
  type Email,
  type EmailContent,
  type EmailResult,
  MailError,
  type Mailer,
} from '../../ports/mail.ts';
import type { Clock } from '../../ports/types.ts';
import { compose, hashOfKey } from '../compose.ts';
import { storedEmailsFolder } from './stored-emails.ts';

/** Writes emails into the folder. The same key makes one file, however often it is written. */
function fileWriter(dataDir: string, from: string, clock: Clock) {
  const folder = storedEmailsFolder(dataDir);
  return async (content: EmailContent, idempotencyKey: string): Promise<void> => {
    const now = clock.now();
    const key = hashOfKey(idempotencyKey).slice(0, 12);
    const name = `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${key}.eml`;
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).some((file) => file.endsWith(`-${key}.eml`))) return;
    const { message } = await compose(from, content, idempotencyKey, now);
    // Renamed when it is whole, so that a reader never sees half an email; named like no other, because two
    // processes may write the same one.
    const unfinished = join(folder, `.${name}.${randomUUID()}.tmp`);
    await writeFile(unfinished, message, { mode: 0o600 });
    await rename(unfinished, join(folder, name));
  };
}

const whyNot = (error: unknown): string => `the outbox folder: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`;

/**
 * Writes each email as one `.eml` file, whose name sorts by time: for development and the demo, or for a mail
 * system that picks files up.
 */
export function fileMailer(dataDir: string, from: string, clock: Clock): Mailer {
  const put = fileWriter(dataDir, from, clock);
  return {
    async send({ idempotencyKey, ...content }: Email) {
      await put(content, idempotencyKey).catch((error) => {
        throw new MailError(whyNot(error), true);
      });
    },
    async rehearse({ idempotencyKey, ...content }: Email) {
      await compose(from, content, idempotencyKey, clock.now());
    },
  };
}

/** The same for batches, one file an email. */
export function fileBatchMailer(dataDir: string, from: string, clock: Clock): BatchMailer {
  const put = fileWriter(dataDir, from, clock);
  return {
    transport: 'file',
    limit: 100,
    atOnce: 100,
    between: 0,
    async sendBatch(emails: readonly EmailContent[], idempotencyKey: string): Promise<EmailResult[]> {
      try {
        for (const [position, email] of emails.entries()) await put(email, `${idempotencyKey}/${position}`);
        return emails.map(() => ({ outcome: 'sent' }));
      } catch (error) {
        throw new BatchError('unclear', whyNot(error));
      }
    },
  };
}
