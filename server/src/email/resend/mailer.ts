import { Resend } from 'resend';
import { type Email, MailError, type Mailer } from '../../ports/mail.ts';
import { wasUnreached } from './unreached.ts';

/** The SDK waits for ever by itself. */
const TIMEOUT_MS = 10_000;

/**
 * Hands emails to Resend. Failures are told apart by status: no answer (null), 429 and 5xx may pass by
 * themselves, any other is final. The message names Resend's error code, never the recipient.
 */
export function resendMailer(
  { apiKey, baseUrl }: { apiKey: string; baseUrl: string | null },
  from: string,
  timeoutMs = TIMEOUT_MS,
): Mailer {
  const resend = new Resend(apiKey, baseUrl === null ? {} : { baseUrl });
  const payload = ({ to, subject, text, html, headers }: Email) => ({
    from,
    to,
    subject,
    text,
    html,
    ...(headers ? { headers } : {}),
  });
  return {
    async send(email: Email) {
      const { idempotencyKey } = email;
      const { error } = await resend.emails.send(payload(email), {
        idempotencyKey,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (error === null) return;
      if (wasUnreached(idempotencyKey)) throw new MailError('Resend: no connection', true);
      const status = error.statusCode ?? null;
      const retryable = status === null || status === 429 || status >= 500;
      throw new MailError(`Resend: ${error.name} (${status ?? 'no answer'})`, retryable);
    },
    async rehearse(email: Email) {
      JSON.stringify(payload(email));
    },
  };
}
