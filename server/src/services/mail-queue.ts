/**
 * Hands over emails in the background, for answers that must not wait: a sign-in answers alike, and as fast,
 * whether or not the address is known. Keeps the emails on their way in memory only; what a crash loses, a
 * person asks for again. Emails that must not be lost do not go this way.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type Email, MailError, type Mailer } from '../ports/mail.ts';

/** Milliseconds before each further try; a code is good for five minutes, so there is no point in trying for longer. */
const RETRY_AFTER_MS = [1_000, 5_000, 20_000];

export interface MailQueue {
  /** Returns at once. `compose` runs later; failures are logged by `kind`. */
  post(kind: 'sign_in', compose: () => Promise<Email>): void;
  /** Does the same work, at the same moment, for an email that is not sent to anybody. */
  rehearse(compose: () => Promise<Email>): void;
  /** Resolves when what is on its way now has been handed over or given up. */
  idle(): Promise<void>;
  /** The same, for the end: pending tries are made at once, and none follows. */
  flush(): Promise<void>;
}

export function createMailQueue(
  { mailer, log, metrics }: { mailer: Mailer; log: Log; metrics: Metrics },
  retryAfterMs: readonly number[] = RETRY_AFTER_MS,
): MailQueue {
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  /** False once there is no further try. */
  async function waitToRetry(attempt: number): Promise<boolean> {
    const ms = retryAfterMs[attempt];
    if (ms === undefined || closing.signal.aborted) return false;
    await delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);
    return true;
  }

  async function deliver(kind: 'sign_in', compose: () => Promise<Email>): Promise<void> {
    const email = await compose();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await mailer.send(email);
        metrics.mails.inc({ kind, outcome: 'sent' });
        return;
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        const again = error.retryable && (await waitToRetry(attempt));
        metrics.mails.inc({ kind, outcome: again ? 'retried' : 'failed' });
        log[again ? 'warn' : 'error']({ kind, reason: error.message, attempt }, 'an email was not handed over');
        if (!again) return;
      }
    }
  }

  /** Begun only after this turn, so that composing does not delay the answer. */
  function afterThisTurn(work: () => Promise<void>): void {
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch((error) =>
        log.error({ kind: 'sign_in', failure: String((error as Error)?.name) }, 'an email could not be made'),
      )
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  return {
    post: (kind, compose) => afterThisTurn(() => deliver(kind, compose)),
    rehearse: (compose) => afterThisTurn(async () => mailer.rehearse(await compose())),
    async idle() {
      await Promise.all(underWay);
    },
    async flush() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}
