import { Resend } from 'resend';
import { BatchError, type BatchMailer, type EmailContent, type EmailResult } from '../../ports/mail.ts';
import { wasUnreached } from './unreached.ts';

/** Resend's own limit of emails in one request. */
const BATCH_LIMIT = 100;
/** Resend takes five requests a second. */
const BETWEEN_BATCHES = 210;
/** The SDK waits for ever by itself. Resend answers in well under a second; a batch is larger. */
const TIMEOUT_MS = 30_000;

const QUOTAS: readonly string[] = ['daily_quota_exceeded', 'monthly_quota_exceeded'];

/** `Retry-After` in milliseconds; null if it is missing or a date. */
const retryAfter = (headers: Record<string, string> | null): number | null => {
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
};

/**
 * Hands batches to Resend. Its validation is permissive: an email that it refuses is reported by its index and
 * holds up no other. A failure of the whole request is told apart by its status: no connection, no answer, 429 and 5xx
 * pass by themselves, a quota or a refused key stop everything until the operator acts, and any other 4xx is final.
 */
export function resendBatches(
  { apiKey, baseUrl }: { apiKey: string; baseUrl: string | null },
  from: string,
  timeoutMs = TIMEOUT_MS,
): BatchMailer {
  const resend = new Resend(apiKey, baseUrl === null ? {} : { baseUrl });
  return {
    transport: 'resend',
    limit: BATCH_LIMIT,
    atOnce: BATCH_LIMIT,
    between: BETWEEN_BATCHES,
    async sendBatch(emails: readonly EmailContent[], idempotencyKey: string): Promise<EmailResult[]> {
      const { data, error, headers } = await resend.batch.send(
        emails.map((email) => ({ from, ...email })),
        { idempotencyKey, batchValidation: 'permissive', signal: AbortSignal.timeout(timeoutMs) },
      );
      if (error === null) return resultsOf(emails.length, data.errors ?? []);
      const status = error.statusCode ?? null;
      if (wasUnreached(idempotencyKey)) throw new BatchError('refused', 'Resend: no connection');
      const message = `Resend: ${error.name} (${status ?? 'no answer'})`;
      // What is wrong with the key is told by various codes, among them a plain validation error.
      if (QUOTAS.includes(error.name) || status === 401 || status === 403 || /\bAPI key\b/i.test(error.message)) {
        throw new BatchError('paused', message, retryAfter(headers));
      }
      if (status === 429) throw new BatchError('refused', message, retryAfter(headers));
      // The other attempt may be taken yet, so this says nothing about it.
      const passes = status === null || status >= 500 || error.name === 'concurrent_idempotent_requests';
      if (passes) throw new BatchError('unclear', message, retryAfter(headers));
      // Under this key something else was sent: these emails, perhaps, so they must not be sent again.
      const outcome = error.name === 'invalid_idempotent_request' ? 'unknown' : 'failed';
      return emails.map(() => ({ outcome, reason: message }));
    },
  };
}

function resultsOf(count: number, errors: readonly { index: number; message: string }[]): EmailResult[] {
  const refused = new Set(errors.map(({ index }) => index));
  // Resend's message may repeat the address, so it is not kept.
  return Array.from({ length: count }, (_, index) =>
    refused.has(index) ? { outcome: 'failed', reason: 'Resend refused this email' } : { outcome: 'sent' },
  );
}
