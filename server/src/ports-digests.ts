/**
 * What the scheduled emails need of a store: slots that run once, and a ledger that makes a second email about
 * one message to one agent impossible.
 *
 * A slot is claimed, then frozen batch by batch: the transaction that freezes one checks again what is due, writes
 * the finished emails and the ledger, and only then may anybody send it. What is frozen is only ever repeated
 * unchanged, under the batch's id as idempotency key.
 */

import type { Slot } from './domain/slots.ts';
import type { DigestPlan, Skip, SlotFacts, SlotPlan } from './domain/unreplied.ts';
import type { AgentKey, Millis } from './ports.ts';

export interface SlotOf {
  businessId: string;
  /** The zone it was calculated in: after a change of zone the same date and hour is another slot. */
  timeZone: string;
  slot: Slot;
}

/** A business as the clock sees it. */
export interface SlotClock {
  businessId: string;
  timeZone: string;
  createdAt: Millis;
  /** The last slot, not after now, that is recorded; null if none is. */
  lastSlotAt: Millis | null;
}

/** An email that is finished and will not change. */
export interface FrozenEmail {
  to: string;
  subject: string;
  text: string;
  html: string;
  headers?: Record<string, string>;
}

export interface Freeze {
  slot: SlotOf;
  now: Millis;
  /** Milliseconds a customer must have waited. */
  unrepliedAfter: Millis;
  /** Emails a batch has at most. */
  limit: number;
  /** Decides what is due. */
  plan(facts: SlotFacts, at: Millis, unrepliedAfter: Millis): SlotPlan;
  /** Writes one agent's email. Synchronous, for it runs inside the transaction. */
  compose(digest: DigestPlan): FrozenEmail;
}

export type Frozen =
  | { outcome: 'frozen'; digests: DigestPlan[] }
  /** Nobody is left to email; the slot is done, and what was skipped is recorded. */
  | { outcome: 'finished'; skipped: Skip[] };

/** A batch that this process alone may send until the lease ends. */
export interface LeasedBatch {
  id: string;
  emails: FrozenEmail[];
  /** Tries before this one. */
  attempts: number;
}

/** What became of one email of a batch, in the batch's order. Unknown: it may have been sent, so it is never sent again. */
export type EmailResult = { outcome: 'sent' } | { outcome: 'failed' | 'unknown'; reason: string };

/** Sends finished emails, many at once. */
export interface BatchMailer {
  /** Emails a batch has at most. */
  readonly limit: number;
  /** The same key is sent once, however often it is called. One result per email, in order. Throws `BatchError`. */
  sendBatch(emails: readonly FrozenEmail[], idempotencyKey: string): Promise<EmailResult[]>;
}

/** Why a batch was not handed over; none of it, as far as is known. */
export class BatchError extends Error {
  override name = 'BatchError';
  /** `later`: may pass by itself. `paused`: the account may not send now (quota, key), and the operator should know. */
  readonly kind: 'later' | 'paused';
  /** How long the other side asks us to wait, if it says so. */
  readonly retryAfter: Millis | null;
  constructor(kind: 'later' | 'paused', message: string, retryAfter: Millis | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

export interface DigestFigures {
  /** Batches not handed over yet. */
  batchesWaiting: number;
  emailsSent: number;
  emailsFailed: number;
  emailsUnknown: number;
}

export interface DigestStore {
  slotClocks(now: Millis): Promise<SlotClock[]>;
  /** Begins a slot; false if it is recorded already, as run or (unless `evenIfSkipped`) as skipped. */
  claimSlot(slot: SlotOf, now: Millis, evenIfSkipped?: boolean): Promise<boolean>;
  /** Records a slot that was missed; false if it is recorded already. */
  skipSlot(slot: SlotOf, reason: 'too_late', now: Millis): Promise<boolean>;
  /** Slots that began and did not finish, whoever began them. */
  runningSlots(): Promise<(SlotOf & { claimedAt: Millis })[]>;
  /** Ends a slot that nobody finished in time. */
  abandonSlot(slot: SlotOf, reason: 'too_late', now: Millis): Promise<void>;
  /** What is known at this moment of every conversation that waits. */
  slotFacts(businessId: string): Promise<SlotFacts>;
  freezeBatch(freeze: Freeze): Promise<Frozen>;
  /**
   * The next batch that is due and that nobody is sending, or null. One whose first attempt is more than
   * `repeatFor` ago is recorded as unknown instead: the idempotency key is forgotten by then.
   */
  leaseBatch(now: Millis, lease: Millis, repeatFor: Millis): Promise<LeasedBatch | null>;
  /** Records the end of a batch. What failed for good was not sent, so the next slot may say it. */
  settleBatch(batchId: string, results: readonly EmailResult[]): Promise<void>;
  /** Gives a batch back, to be tried again from `notBefore` on. */
  deferBatch(batchId: string, notBefore: Millis): Promise<void>;
  digestFigures(): Promise<DigestFigures>;
  /** No more email to this address, wherever it is an agent's. Returns how many agents that concerns. */
  suppressMail(email: string, reason: string): Promise<{ agents: AgentKey[] }>;
  /** Lets mail go to an agent's address again; false for an unknown agent. */
  allowMail(businessId: string, agentId: string): Promise<boolean>;
}
