import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { type Clock, type Email, MailError, type Mailer } from '../ports.ts';
import { outboxFolder } from './letters.ts';

/**
 * Writes each email as one `.eml` file, whose name sorts by time: for development and the demo, or for a mail
 * system that picks files up. The same idempotency key makes one letter, whenever it is sent again.
 */
export function outboxMailer(dataDir: string, from: string, clock: Clock): Mailer {
  const folder = outboxFolder(dataDir);
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send({ to, subject, text, html, headers, idempotencyKey }: Email) {
      const date = new Date(clock.now());
      const key = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 12);
      const name = `${date.toISOString().replace(/[-:.]/g, '')}-${key}.eml`;
      try {
        await mkdir(folder, { recursive: true });
        if ((await readdir(folder)).some((letter) => letter.endsWith(`-${key}.eml`))) return;
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
        // Renamed when it is whole, so that a reader never sees half a letter.
        const unfinished = join(folder, `.${randomUUID()}.tmp`);
        await writeFile(unfinished, message, { mode: 0o600 });
        await rename(unfinished, join(folder, name));
      } catch (error) {
        throw new MailError(`the outbox folder: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`, true);
      }
    },
  };
}
