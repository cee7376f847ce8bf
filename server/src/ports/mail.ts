/** How emails leave this server: one at a time for sign-in codes, in batches for the scheduled emails. */
import type { Millis } from './types.ts';

/** An email as its templates make it. */
export interface EmailContent {
  to: string;
  subject: string;
  text: string;
  html: string;
  headers?: Readonly<Record<string, string>>;
}

export interface Email extends EmailContent {
  /** The same key and content is sent at most once. */
  idempotencyKey: string;
}

export interface Mailer {
  /** Resolves when the email is handed over; throws `MailError` otherwise. */
  send(email: Email): Promise<void>;
  /** Does all the work of sending except handing over, because an unknown address must cost the same. */
  rehearse(email: Email): Promise<void>;
}

export class MailError extends Error {
  override name = 'MailError';
  /** True if trying again may help: no answer, 429, 5xx. */
  readonly retryable: boolean;
  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

/** What became of one email of a batch, in the batch's order. Unknown: it may have been sent, so it is never sent again. */
export type EmailResult = { outcome: 'sent' } | { outcome: 'failed' | 'unknown'; reason: string };

/** Ways in which emails leave this server. */
export type Transport = 'resend' | 'smtp' | 'file';

/**
 * Transports that recognise a repeated key, so that a batch whose end is not known may go out again. By SMTP nobody can
 * find out what became of such a batch, so it is tried once.
 */
export const REPEATING: readonly Transport[] = ['resend', 'file'];

/** Sends finished emails. */
export interface BatchMailer {
  readonly transport: Transport;
  /** Emails a batch has at most. What is not known to have been sent is given up by the batch. */
  readonly limit: number;
  /** Emails that are frozen before any of them is sent: fewer means that what is due is checked more often. */
  readonly atOnce: number;
  /** How long to wait after a batch. */
  readonly between: Millis;
  /**
   * A repeating transport sends the same key once, however often it is called. One result per email, in order. Throws
   * `BatchError`.
   */
  sendBatch(emails: readonly EmailContent[], idempotencyKey: string): Promise<EmailResult[]>;
}

/**
 * Why a batch was not handed over, as far as is known. `unclear`: no answer, or a failure in the middle; it may have
 * been taken. `postponed`: it was not taken and may be later, while others may be now (greylisting). `refused`: it was not taken, as when there was no connection, and may be soon. `paused`: it was not taken, because the account may not
 * send now (quota, key), and the operator should know.
 */
export type BatchErrorKind = 'unclear' | 'postponed' | 'refused' | 'paused';

export class BatchError extends Error {
  override name = 'BatchError';
  readonly kind: BatchErrorKind;
  /** How long the other side asks us to wait, if it says so. */
  readonly retryAfter: Millis | null;
  constructor(kind: BatchErrorKind, message: string, retryAfter: Millis | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}
