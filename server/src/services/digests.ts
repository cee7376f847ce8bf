/**
 * The scheduled emails, from the clock to the mailer. Three steps that may each be cut short by a crash and go
 * on in any process: slots that are due are claimed, claimed slots are frozen batch by batch, frozen batches are
 * sent. Everything that matters is in the store; what is kept here is only whether we are at it, and why we pause.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { type DigestContext, digestOf } from '../domain/digest.ts';
import { slotsBetween } from '../domain/slots.ts';
import { type DigestPlan, planSlot, type Skip } from '../domain/unreplied.ts';
import type { Log } from '../log.ts';
import { digestEmail } from '../mail/digest-email.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock, Millis, Store } from '../ports.ts';
import { BatchError, type BatchMailer, type FrozenEmail, type LeasedBatch, type SlotOf } from '../ports-digests.ts';
import { unsubscribeToken } from './unsubscribe.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Missed slots further back than this are not even recorded one by one. */
const LOOK_BACK = 31 * DAY;
/** How long one process may take over a batch before another may try; longer than the mailer's own time-out. */
const LEASE = 2 * MINUTE;
/** Resend forgets idempotency keys after 24 hours; after this a batch is not repeated any more. */
const REPEAT_FOR = 23 * HOUR;
/** Resend takes five requests a second. */
const BETWEEN_BATCHES = 210;
/** How long to leave an account alone that may not send. */
const PAUSE = 15 * MINUTE;
const RETRY_FIRST = 15_000;
const RETRY_MOST = 15 * MINUTE;

export interface DigestDeps {
  store: Store;
  batches: BatchMailer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  config: Config & { authSecret: string };
}

/** Why nothing is sent at the moment. */
export interface Pause {
  reason: string;
  until: Millis;
}

export interface Digests {
  /** Runs whatever is due. One run at a time: a call during one waits for that and the next. */
  tick(): Promise<void>;
  /** Freezes a claimed slot as of a moment; returns who gets an email and who does not. */
  freeze(slot: SlotOf, now: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }>;
  /** Sends every batch that is due. */
  deliver(): Promise<void>;
  /** Null while emails are sent. */
  paused(): Pause | null;
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function createDigests({ store, batches, clock, log, metrics, config }: DigestDeps): Digests {
  const closing = new AbortController();
  let pause: Pause | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  function compose(slot: SlotOf, now: Millis): (plan: DigestPlan) => FrozenEmail {
    const { conversationUrl, inboxUrl, publicUrl, authSecret } = config;
    const context: DigestContext = { timeZone: slot.timeZone, conversationUrl, inboxUrl, now };
    return (plan) => {
      const token = unsubscribeToken(authSecret, { businessId: slot.businessId, agentId: plan.agent.id });
      const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${encodeURIComponent(token)}`;
      return digestEmail(plan.agent.email, digestOf(plan, context), unsubscribeUrl);
    };
  }

  async function freeze(slot: SlotOf, now: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }> {
    const digests: DigestPlan[] = [];
    for (;;) {
      const frozen = await store.freezeBatch({
        slot,
        now,
        unrepliedAfter: config.unrepliedAfterMinutes * MINUTE,
        limit: batches.limit,
        plan: planSlot,
        compose: compose(slot, now),
      });
      if (frozen.outcome === 'finished') {
        const { date, time } = slot.slot;
        log.info(
          { business: slot.businessId, date, time, emails: digests.length, skipped: frozen.skipped.length },
          'a slot was run',
        );
        return { digests, skipped: frozen.skipped };
      }
      digests.push(...frozen.digests);
    }
  }

  async function claimDue(now: Millis): Promise<void> {
    for (const { businessId, timeZone, createdAt, lastSlotAt } of await store.slotClocks(now)) {
      const after = Math.max(createdAt, lastSlotAt ?? createdAt, now - LOOK_BACK);
      for (const slot of slotsBetween(timeZone, after, now)) {
        const slotOf = { businessId, timeZone, slot };
        if (now - slot.at <= config.slotGraceMinutes * MINUTE) await store.claimSlot(slotOf, now);
        else if (await store.skipSlot(slotOf, 'too_late', now)) {
          log.warn({ business: businessId, date: slot.date, time: slot.time }, 'a slot was missed by too much to run');
        }
      }
    }
  }

  async function freezeClaimed(now: Millis): Promise<void> {
    for (const { claimedAt, ...slot } of await store.runningSlots()) {
      const late = now - Math.max(claimedAt, slot.slot.at);
      if (late > config.slotGraceMinutes * MINUTE) await store.abandonSlot(slot, 'too_late', now);
      else await freeze(slot, now);
    }
  }

  async function send({ id, emails, attempts }: LeasedBatch): Promise<void> {
    try {
      const results = await batches.sendBatch(emails, id);
      await store.settleBatch(id, results);
      pause = null;
      for (const { outcome } of results) metrics.mails.inc({ kind: 'digest', outcome });
      const failed = results.filter(({ outcome }) => outcome !== 'sent').length;
      log[failed > 0 ? 'warn' : 'info']({ batch: id, emails: results.length, failed }, 'a batch was handed over');
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      const paused = error.kind === 'paused';
      const backOff = paused ? PAUSE : Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.min(attempts, 10));
      const until = clock.now() + Math.max(error.retryAfter ?? 0, error.retryAfter === null ? backOff : 0);
      if (paused) pause = { reason: error.message, until };
      metrics.mails.inc({ kind: 'digest', outcome: 'retried' }, emails.length);
      log[paused ? 'error' : 'warn'](
        { batch: id, reason: error.message, attempts, until },
        'a batch was not handed over',
      );
      await store.deferBatch(id, until);
    }
  }

  async function deliver(): Promise<void> {
    while (!closing.signal.aborted) {
      if (pause !== null && clock.now() < pause.until) return;
      const batch = await store.leaseBatch(clock.now(), LEASE, REPEAT_FOR);
      if (batch === null) return;
      await send(batch);
      // An aborted wait only means that we are closing, which the loop sees.
      await delay(BETWEEN_BATCHES, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  async function runDue(): Promise<void> {
    const now = clock.now();
    await claimDue(now);
    await freezeClaimed(now);
    await deliver();
  }

  async function tick(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await runDue();
      } while (again && !closing.signal.aborted);
    })().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    tick,
    freeze,
    deliver,
    paused: () => (pause !== null && clock.now() < pause.until ? pause : null),
    async close() {
      closing.abort();
      await running;
    },
  };
}
