import type { Config } from '../config.ts';
import type { BatchMailer, Mailer } from '../ports/mail.ts';
import type { Clock } from '../ports/types.ts';
import { fileBatchMailer, fileMailer } from './file/file-mailer.ts';
import { resendBatches } from './resend/batch-mailer.ts';
import { resendMailer } from './resend/mailer.ts';
import { smtpBatches, smtpMailer } from './smtp/mailer.ts';

/** What the configuration says emails leave by: Resend, an SMTP server, or files in `dataDir/mail`. */
export function transportOf(
  { resend, smtp, dataDir, mailFrom: from }: Pick<Config, 'resend' | 'smtp' | 'dataDir' | 'mailFrom'>,
  clock: Clock,
): { mailer: Mailer; batches: BatchMailer } {
  if (resend) return { mailer: resendMailer(resend, from), batches: resendBatches(resend, from) };
  if (smtp) {
    const deps = { server: smtp, from, clock };
    return { mailer: smtpMailer(deps), batches: smtpBatches(deps) };
  }
  return { mailer: fileMailer(dataDir, from, clock), batches: fileBatchMailer(dataDir, from, clock) };
}

/** Whether emails only go to files, which is of use to a demo and to nobody who waits for a sign-in code. */
export const hasNoMail = ({ resend, smtp, demo }: Pick<Config, 'resend' | 'smtp' | 'demo'>): boolean =>
  resend === null && smtp === null && !demo;

/** The same for the operator. */
export const NO_MAIL =
  'neither RESEND_API_KEY nor SMTP_URL is set, so emails, sign-in codes among them, go to files in DATA_DIR/mail';
