/** The third step of the scheduled emails: leases frozen batches and hands them to the mailer. */
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { type DigestStore, type LeasedBatch, MAX_DEFER } from '../../ports/digest-store.ts';
import { BatchError, type BatchMailer } from '../../ports/mail.ts';
import type { Clock, Millis } from '../../ports/types.ts';
import type { Wait } from '../wait.ts';
import { HOUR, MINUTE } from './slot-name.ts';

/** How long one process may take over a batch before another may try; longer than the mailer's own time-out. */
const LEASE = 2 * MINUTE;
/** Resend forgets idempotency keys after 24 hours; after this a batch is not repeated any more. */
const REPEAT_FOR = 23 * HOUR;
/** How long an account that may not send is left alone. */
const PAUSE = 15 * MINUTE;
const RETRY_FIRST = 15_000;
const RETRY_MOST = 15 * MINUTE;
/** A wait up to this long happens inside the run. For a longer one the run ends, and a later tick goes on. */
const MAX_INLINE_WAIT = 10_000;

export interface SendDeps {
  store: Pick<DigestStore, 'leaseBatch' | 'settleBatch' | 'deferBatch' | 'giveUpBatches'>;
  batches: BatchMailer;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, 'mails'>;
  wait: Wait;
  /** Aborted when the server closes: no batch is begun any more. */
  closing: AbortSignal;
}

/** Why nothing is sent at the moment. */
export interface Pause {
  reason: string;
  until: Millis;
}

export interface Sender {
  /** Sends what is due. False if something stands in the way, so that more would not get through now. */
  deliverDue(): Promise<boolean>;
  /** Ends the batches that are too old to be repeated, and says so. */
  giveUp(): Promise<void>;
  /** Null while emails are sent. */
  paused(): Pause | null;
}

export function createSender({ store, batches, clock, log, metrics, wait, closing }: SendDeps): Sender {
  let pause: Pause | null = null;

  const isPaused = (): boolean => pause !== null && clock.now() < pause.until;

  /** Hands a batch over, or puts it off; says how long to leave the mailer alone. */
  async function send(batch: LeasedBatch): Promise<Millis> {
    const { id, emails, attempts, firstAttempt } = batch;
    try {
      const results = await batches.sendBatch(emails, id);
      const recorded = await store.settleBatch(batch, results);
      pause = null;
      if (!recorded) {
        log.warn({ batch: id, attempts }, 'a batch was leased by another process meanwhile, which records its end');
        return batches.between;
      }
      for (const { outcome } of results) metrics.mails.inc({ kind: 'digest', outcome });
      const failed = results.filter(({ outcome }) => outcome !== 'sent').length;
      log[failed > 0 ? 'warn' : 'info']({ batch: id, emails: results.length, failed }, 'a batch was handed over');
      return batches.between;
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      const paused = error.kind === 'paused';
      const backOff = paused ? PAUSE : Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.min(attempts, 10));
      const wanted = Math.min(error.retryAfter ?? backOff, MAX_DEFER);
      const until = clock.now() + wanted;
      if (paused) pause = { reason: error.message, until };
      metrics.mails.inc({ kind: 'digest', outcome: 'retried' }, emails.length);
      await store.deferBatch(batch, until, firstAttempt && error.kind !== 'unclear');
      log[paused ? 'error' : 'warn'](
        { batch: id, reason: error.message, attempts, until: new Date(until).toISOString() },
        'a batch was not handed over',
      );
      // What is postponed is this batch alone.
      return error.kind === 'postponed' ? batches.between : wanted;
    }
  }

  async function deliverDue(): Promise<boolean> {
    while (!closing.aborted) {
      if (isPaused()) return false;
      const batch = await store.leaseBatch(clock.now(), LEASE, batches.transport);
      if (batch === null) return true;
      const leaveAlone = await send(batch);
      if (leaveAlone > MAX_INLINE_WAIT || pause !== null) return false;
      await wait(leaveAlone, closing);
    }
    return false;
  }

  async function giveUp(): Promise<void> {
    const { unknown, neverAccepted } = await store.giveUpBatches(clock.now(), REPEAT_FOR);
    if (unknown > 0) {
      metrics.mails.inc({ kind: 'digest', outcome: 'unknown' }, unknown);
      log.error({ emails: unknown }, 'emails may or may not have been sent, and are not sent again');
    }
    if (neverAccepted > 0) {
      metrics.mails.inc({ kind: 'digest', outcome: 'failed' }, neverAccepted);
      log.error({ emails: neverAccepted }, 'emails were never accepted; the next slot repeats what still waits');
    }
  }

  return { deliverDue, giveUp, paused: () => (isPaused() ? pause : null) };
}
