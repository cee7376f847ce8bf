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
import { compose } from '../compose.ts';
import { handOver, type SmtpOutcome, type SmtpServer, type SmtpTimes } from './session.ts';

/** Emails that are frozen at once: each takes a session of its own, and what is due should still be due when it goes. */
const AT_ONCE = 20;

interface SmtpDeps {
  server: SmtpServer;
  from: string;
  clock: Clock;
  times?: SmtpTimes;
}

const deliver = async ({ server, from, clock, times }: SmtpDeps, email: EmailContent, key: string) =>
  handOver(server, await compose(from, email, key, clock.now()), times);

/**
 * Hands sign-in emails to an SMTP server. One that may have been taken is not tried again: a person asks for another
 * code. The error names SMTP's code, never the recipient.
 */
export function smtpMailer(deps: SmtpDeps): Mailer {
  return {
    async send({ idempotencyKey, ...email }: Email) {
      const result = await deliver(deps, email, idempotencyKey);
      if (result.outcome === 'sent') return;
      throw new MailError(result.reason, result.outcome === 'refused' || result.outcome === 'postponed');
    },
    async rehearse({ idempotencyKey, ...email }: Email) {
      await compose(deps.from, email, idempotencyKey, deps.clock.now());
    },
  };
}

/** Whether the server has none of the emails so far, so that the batch may be tried again as a whole. */
const noneTaken = (results: readonly EmailResult[]): boolean => results.every(({ outcome }) => outcome === 'failed');

const FINAL = ['sent', 'failed', 'unknown'] as const;
const isFinal = (result: SmtpOutcome): result is SmtpOutcome & EmailResult =>
  (FINAL as readonly string[]).includes(result.outcome);

/**
 * Hands scheduled emails to an SMTP server, one a batch, because SMTP knows no idempotency key: what was handed over
 * when the connection broke is unknown, and is not repeated.
 */
export function smtpBatches(deps: SmtpDeps): BatchMailer {
  return {
    transport: 'smtp',
    limit: 1,
    atOnce: AT_ONCE,
    between: 0,
    async sendBatch(emails: readonly EmailContent[], idempotencyKey: string): Promise<EmailResult[]> {
      const results: EmailResult[] = [];
      // More than one only where a batch was frozen for another transport and never tried by it.
      for (const [position, email] of emails.entries()) {
        const result = await deliver(deps, email, `${idempotencyKey}/${position}`);
        if (isFinal(result)) {
          results.push(result);
          continue;
        }
        if (noneTaken(results)) throw new BatchError(result.outcome, result.reason);
        // The others are sent or unknown, so the batch ends here; the next slot says what was left.
        while (results.length < emails.length) results.push({ outcome: 'failed', reason: result.reason });
        break;
      }
      return results;
    },
  };
}
