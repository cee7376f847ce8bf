/**
 * The scheduled emails, from the clock to the mailer. Three steps that may each be cut short by a crash and go
 * on in any process: slots that are due are claimed, claimed slots are frozen batch by batch, frozen batches are
 * sent. Everything that matters is in the store; what is kept here is only whether we are at it, and why we pause.
 */
import type { Config } from '../config.ts';
import { type DigestContext, digestOf } from '../domain/digest.ts';
import { type Slot, slotsBetween } from '../domain/slots.ts';
import { type DigestPlan, planSlot, type Skip } from '../domain/unreplied.ts';
import { digestEmail } from '../email/templates/digest-email.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type Frozen, type FrozenEmail, type LeasedBatch, MAX_DEFER, type SlotOf } from '../ports/digest-store.ts';
import { BatchError, type BatchMailer } from '../ports/mail.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Millis } from '../ports/types.ts';
import { inboxesOf } from './inboxes.ts';
import type { Sources } from './plugged.ts';
import { unsubscribeToken } from './unsubscribe.ts';
import { letPass, type Wait } from './wait.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Missed slots further back than this are not even recorded one by one. */
const LOOK_BACK = 31 * DAY;
/** How long one process may take over a batch before another may try; longer than the mailer's own time-out. */
const LEASE = 2 * MINUTE;
/** Resend forgets idempotency keys after 24 hours; after this a batch is not repeated any more. */
const REPEAT_FOR = 23 * HOUR;
/** How long to leave an account alone that may not send. */
const PAUSE = 15 * MINUTE;
const RETRY_FIRST = 15_000;
const RETRY_MOST = 15 * MINUTE;
/** When asked to wait for no longer than this, we do so at once, instead of coming back with the next tick. */
const MAX_INLINE_WAIT = 10_000;

export interface DigestDeps {
  store: Store;
  batches: BatchMailer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  config: Config & { authSecret: string };
  /** The kinds of sources, for the inboxes that they have; without them all links lead to the inbox of this server. */
  sources?: Sources;
  /** Lets time pass; ends early when `signal` aborts. Tests move their clock instead. */
  wait?: Wait;
}

const nameOf = ({ date, time }: Slot): string => `${date} ${time}`;

/** Why nothing is sent at the moment. */
export interface Pause {
  reason: string;
  until: Millis;
}

export interface Digests {
  /** Runs whatever is due. One run at a time: a call during one waits for that and the next. */
  tick(): Promise<void>;
  /** Freezes all of a claimed slot as of a moment, for `deliver`; returns who gets an email and who does not. */
  freeze(slot: SlotOf, at: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }>;
  /** Sends the batches that are due, until none is left or something stands in the way. */
  deliver(): Promise<void>;
  /** Null while emails are sent. */
  paused(): Pause | null;
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function createDigests(deps: DigestDeps): Digests {
  const { store, batches, clock, log, metrics, config, sources = {}, wait = letPass } = deps;
  const closing = new AbortController();
  let pause: Pause | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  const isPaused = (): boolean => pause !== null && clock.now() < pause.until;

  async function compose(slot: SlotOf, now: Millis): Promise<(plan: DigestPlan) => FrozenEmail> {
    const { conversationUrl, inboxUrl, publicUrl, authSecret } = config;
    const plugged = (await store.sources()).filter(({ businessId }) => businessId === slot.businessId);
    const inboxes = inboxesOf(sources, plugged);
    const context: DigestContext = { timeZone: slot.timeZone, conversationUrl, inboxUrl, inboxes, now };
    return (plan) => {
      const token = unsubscribeToken(authSecret, { businessId: slot.businessId, agentId: plan.agent.id });
      const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${encodeURIComponent(token)}`;
      return digestEmail(plan.agent.email, digestOf(plan, context), unsubscribeUrl);
    };
  }

  async function freezeNext(slot: SlotOf, at: Millis): Promise<Frozen> {
    const frozen = await store.freezeBatch({
      slot,
      now: clock.now(),
      at,
      unrepliedAfter: config.unrepliedAfterMinutes * MINUTE,
      limit: batches.atOnce,
      perBatch: batches.limit,
      ceiling: config.maxEmailsPerDay,
      plan: planSlot,
      compose: await compose(slot, at),
    });
    if (frozen.outcome === 'finished') reportOverLimit(slot, frozen.skipped);
    return frozen;
  }

  function reportOverLimit({ businessId, slot }: SlotOf, skipped: readonly Skip[]): void {
    const emails = skipped.filter(({ reason }) => reason === 'daily_limit').length;
    if (emails === 0) return;
    metrics.mails.inc({ kind: 'digest', outcome: 'over_limit' }, emails);
    log.error(
      { business: businessId, slot: nameOf(slot), emails, limit: config.maxEmailsPerDay },
      'emails were not made, because the business has reached MAX_EMAILS_PER_DAY; a later day emails what still waits',
    );
  }

  async function freeze(slot: SlotOf, at: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }> {
    const digests: DigestPlan[] = [];
    for (;;) {
      const frozen = await freezeNext(slot, at);
      if (frozen.outcome === 'finished') return { digests, skipped: frozen.skipped };
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
          log.warn({ business: businessId, slot: nameOf(slot) }, 'a slot was missed by too much to run');
        }
      }
    }
  }

  /** Each batch goes out before the next is frozen, so that nobody is emailed about what was answered meanwhile. */
  async function runClaimed(now: Millis): Promise<void> {
    for (const { claimedAt, ...slot } of await store.runningSlots()) {
      const about = { business: slot.businessId, slot: nameOf(slot.slot) };
      if (now - Math.max(claimedAt, slot.slot.at) > config.slotGraceMinutes * MINUTE) {
        await store.abandonSlot(slot, 'too_late', now);
        log.warn(about, 'a slot did not finish in time; the next one goes on');
        continue;
      }
      if (isPaused()) continue;
      for (let emails = 0; !closing.signal.aborted; ) {
        const frozen = await freezeNext(slot, clock.now());
        if (frozen.outcome === 'finished') {
          log.info({ ...about, emails, skipped: frozen.skipped.length }, 'a slot was run');
          break;
        }
        emails += frozen.digests.length;
        if (!(await deliverDue())) return;
      }
    }
  }

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

  /** Sends what is due. False if something stands in the way, so that more would not get through now. */
  async function deliverDue(): Promise<boolean> {
    while (!closing.signal.aborted) {
      if (isPaused()) return false;
      const batch = await store.leaseBatch(clock.now(), LEASE, batches.transport);
      if (batch === null) return true;
      const leaveAlone = await send(batch);
      if (leaveAlone > MAX_INLINE_WAIT || pause !== null) return false;
      await wait(leaveAlone, closing.signal);
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

  async function deliver(): Promise<void> {
    await giveUp();
    await deliverDue();
  }

  async function runDue(): Promise<void> {
    await claimDue(clock.now());
    await deliver();
    await runClaimed(clock.now());
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
    paused: () => (isPaused() ? pause : null),
    async close() {
      closing.abort();
      await running;
    },
  };
}
