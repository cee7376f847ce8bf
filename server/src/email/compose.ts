import { createHash } from 'node:crypto';
import nodemailer from 'nodemailer';
import type { EmailContent } from '../ports/mail.ts';

export interface Composed {
  /** The whole message (RFC 5322), with CR LF. */
  message: Buffer;
  /** Bare addresses, for SMTP. */
  envelope: { from: string; to: string[] };
}

const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** A short name for a key that may hold any characters. */
export const hashOfKey = (idempotencyKey: string): string =>
  createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);

/**
 * Writes an email out. The same key gives the same Message-ID, by which a receiver recognises a copy.
 * @param from the sender, `Converso <notify@example.com>`
 * @param date epoch milliseconds
 */
export async function compose(
  from: string,
  content: EmailContent,
  idempotencyKey: string,
  date: number,
): Promise<Composed> {
  const { headers, ...rest } = content;
  const host = /@([^>@\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  const { message, envelope } = await composer.sendMail({
    ...rest,
    from,
    date: new Date(date),
    messageId: `<${hashOfKey(idempotencyKey)}@${host}>`,
    textEncoding: 'quoted-printable',
    ...(headers ? { headers: { ...headers } } : {}),
  });
  return { message: message as Buffer, envelope: { from: envelope.from || '', to: envelope.to } };
}
