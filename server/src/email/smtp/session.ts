/**
 * One email over one SMTP session (RFC 5321), and what became of it. nodemailer's own transport reports a connection
 * that broke before the message like one that broke after it, so the session is driven here, where the difference shows:
 * the server has nothing until it is given the first byte of the message.
 */
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpServer } from '../../smtp-url.ts';
import type { Composed } from '../compose.ts';

/** Milliseconds: for each answer, and for the whole session, which has to end before its lease does. */
export interface SmtpTimes {
  answer: number;
  session: number;
}
export const SMTP_TIMES: SmtpTimes = { answer: 30_000, session: 90_000 };

/**
 * `failed`: this email was refused for good. `postponed`: this email was not taken and may be later (greylisting).
 * `refused`: the server took nothing and may soon. `paused`: the server takes nothing until the operator acts.
 * `unknown`: the connection broke after the message began, so nobody can find out whether it was taken.
 */
export type SmtpOutcome =
  | { outcome: 'sent' }
  | { outcome: 'failed' | 'unknown'; reason: string }
  | { outcome: 'postponed' | 'refused' | 'paused'; reason: string };

type SmtpError = SMTPConnection.SMTPError;

/** Without the server's text, which may repeat the address. */
const reasonOf = ({ code = 'failed', command, responseCode }: SmtpError): string =>
  `SMTP: ${[code, command, responseCode].filter(Boolean).join(' ')}`;

/**
 * What an error means.
 * @param begun whether the server may have been given a part of the message
 */
export function outcomeOf(error: SmtpError, begun: boolean): SmtpOutcome {
  const { code, command, responseCode } = error;
  const reason = reasonOf(error);
  // A whole answer to the message, or 421, with which a server ends a session without having taken it.
  const answered = responseCode !== undefined && (code === 'EMESSAGE' || responseCode === 421);
  if (begun && !answered) return { outcome: 'unknown', reason };
  const permanent = responseCode === undefined ? null : responseCode >= 500;
  if (code === 'EAUTH') return { outcome: permanent === false ? 'refused' : 'paused', reason };
  if (responseCode === 421) return { outcome: 'refused', reason };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    // The sender is the same for all emails.
    if (command === 'MAIL FROM' && permanent !== null) return { outcome: permanent ? 'paused' : 'refused', reason };
    return { outcome: permanent === false ? 'postponed' : 'failed', reason };
  }
  return { outcome: permanent ? 'paused' : 'refused', reason };
}

const done = (work: (callback: (error?: SmtpError | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

/** Hands one email over. Never throws for what the server or the network does. */
export async function handOver(
  server: SmtpServer,
  { message, envelope }: Composed,
  times: SmtpTimes = SMTP_TIMES,
): Promise<SmtpOutcome> {
  const { host, port, secure, requireTls, auth } = server;
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    requireTLS: requireTls,
    connectionTimeout: times.answer,
    greetingTimeout: times.answer,
    dnsTimeout: times.answer,
    socketTimeout: times.answer,
  });
  let begun = false;
  const body = async function* () {
    begun = true;
    yield message;
  };
  let onFailure: (error: SmtpError) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    onFailure = reject;
  });
  connection.on('error', onFailure);
  const timer = setTimeout(() => {
    onFailure(Object.assign(new Error('The session takes too long.'), { code: 'ETIMEDOUT' }));
  }, times.session);
  const session = async (): Promise<void> => {
    await done((callback) => connection.connect(callback));
    if (auth) await done((callback) => connection.login(auth, callback));
    const readable = Readable.from(body());
    await done((callback) => connection.send({ ...envelope, size: message.length }, readable, callback));
  };
  try {
    await Promise.race([session(), failure]);
    return { outcome: 'sent' };
  } catch (error) {
    return outcomeOf(error as SmtpError, begun);
  } finally {
    clearTimeout(timer);
    failure.catch(() => undefined);
    connection.quit();
    connection.close();
  }
}
