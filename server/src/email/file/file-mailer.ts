import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchError, type BatchMailer, type EmailResult, type FrozenEmail } from '../../ports/digest-store.ts';
import { type Clock, type Email, MailError, type Mailer } from '../../ports/store.ts';
import { compose, hashOfKey, type Letter } from '../compose.ts';
import { outboxFolder } from './stored-emails.ts';

/** Puts letters into the folder; the same key makes one letter, whenever it is put there again. */
function outboxOf(dataDir: string, from: string, clock: Clock) {
  const folder = outboxFolder(dataDir);
  return async (letter: Letter, idempotencyKey: string): Promise<void> => {
    const now = clock.now();
    const key = hashOfKey(idempotencyKey).slice(0, 12);
    const name = `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${key}.eml`;
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).some((file) => file.endsWith(`-${key}.eml`))) return;
    const { message } = await compose(from, letter, idempotencyKey, now);
    // Renamed when it is whole, so that a reader never sees half a letter; named like no other, because two
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
export function outboxMailer(dataDir: string, from: string, clock: Clock): Mailer {
  const put = outboxOf(dataDir, from, clock);
  return {
    async send({ idempotencyKey, ...letter }: Email) {
      await put(letter, idempotencyKey).catch((error) => {
        throw new MailError(whyNot(error), true);
      });
    },
    async rehearse({ idempotencyKey, ...letter }: Email) {
      await compose(from, letter, idempotencyKey, clock.now());
    },
  };
}

/** The same for batches, one letter an email. */
export function outboxBatches(dataDir: string, from: string, clock: Clock): BatchMailer {
  const put = outboxOf(dataDir, from, clock);
  return {
    transport: 'file',
    limit: 100,
    atOnce: 100,
    between: 0,
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
