/**
 * What the scheduled emails need of a store: slots that run once, and a ledger that makes a second email about
 * one message to one agent impossible.
 *
 * A slot is claimed, then frozen batch by batch: the transaction that freezes one checks again what is due, writes
 * the finished emails and the ledger, and only then may anybody send it. What is frozen is only ever repeated
 * unchanged, under the batch's id as idempotency key.
 */

import type { Slot } from '../domain/slots.ts';
import type { DigestPlan, Skip, SlotFacts, SlotPlan } from '../domain/unreplied.ts';
import type { EmailContent, EmailResult, Transport } from './mail.ts';
import type { Millis } from './types.ts';

/** A batch is never put off for longer, so one that seems to be was put off by a clock that has been set back since. */
export const MAX_DEFER: Millis = 60 * 60 * 1000;

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
  /**
   * The last slot, not after now, that is recorded; null if none is. What was recorded as skipped by a clock that
   * has been set back since does not count.
   */
  lastSlotAt: Millis | null;
}

/** What is recorded of a slot. */
export interface SlotRecord {
  status: 'running' | 'done' | 'skipped';
  /** Why it was skipped, or ended before it was finished. */
  reason: 'too_late' | null;
  recordedAt: Millis;
}

/** An email that is finished and will not change. */
export type FrozenEmail = EmailContent;

export interface Freeze {
  slot: SlotOf;
  now: Millis;
  /** The moment as of which it is planned; the operator may choose another than now. */
  at: Millis;
  /** Milliseconds a customer must have waited. */
  unrepliedAfter: Millis;
  /** Emails that are frozen at most. */
  limit: number;
  /** Emails a batch has at most. */
  perBatch: number;
  /** Emails that the business may get on the slot's date, those of earlier slots included. */
  ceiling: number;
  /** Decides what is due. */
  plan(facts: SlotFacts, at: Millis, unrepliedAfter: Millis): SlotPlan;
  /** Writes one agent's email. Synchronous, for it runs inside the transaction. */
  compose(digest: DigestPlan): FrozenEmail;
}

export type Frozen =
  | { outcome: 'frozen'; digests: DigestPlan[] }
  /** Nobody is left to email; the slot is done, and what was skipped is recorded. */
  | { outcome: 'finished'; skipped: Skip[] };

/** One try of a batch. A process that stood still past its lease is known by it: another has counted its own try since. */
export interface BatchTry {
  id: string;
  /** Tries before this one. */
  attempts: number;
}

/** A batch that this process alone may send until the lease ends. */
export interface LeasedBatch extends BatchTry {
  emails: FrozenEmail[];
  /** Whether no earlier try can have been accepted. */
  firstAttempt: boolean;
}

/** Emails of batches that were given up. */
export interface GivenUp {
  /** They may have been sent, and nobody can find out any more. */
  unknown: number;
  /** They were not sent, so the next slot says it anew. */
  neverAccepted: number;
}

export interface DigestStore {
  slotClocks(now: Millis): Promise<SlotClock[]>;
  /**
   * Begins a slot; false if it is recorded already, as run or (unless `evenIfSkipped`) as skipped or not finished. One that was
   * recorded as skipped at a time that is yet to come was not: the clock has been set back.
   */
  claimSlot(slot: SlotOf, now: Millis, evenIfSkipped?: boolean): Promise<boolean>;
  /** Records a slot that was missed; false if it is recorded already. */
  skipSlot(slot: SlotOf, reason: 'too_late', now: Millis): Promise<boolean>;
  /** Null for a slot that has not been run or missed. */
  slotRecord(slot: SlotOf): Promise<SlotRecord | null>;
  /** Slots that began and did not finish, whoever began them. */
  runningSlots(): Promise<(SlotOf & { claimedAt: Millis })[]>;
  /** Ends a slot that nobody finished in time. */
  abandonSlot(slot: SlotOf, reason: 'too_late', now: Millis): Promise<void>;
  /** How many emails the slots of a local date (`2026-11-23`) have, those that were refused left out. */
  emailsOn(businessId: string, date: string): Promise<number>;
  /** What is known at this moment of every conversation that waits. */
  slotFacts(businessId: string): Promise<SlotFacts>;
  freezeBatch(freeze: Freeze): Promise<Frozen>;
  /**
   * Ends the batches that were first tried, or frozen and never taken, more than `repeatFor` ago: the idempotency
   * key is forgotten by then, and what they say is old. Of a transport that does not repeat, ends those whose lease is
   * over without a record.
   */
  giveUpBatches(now: Millis, repeatFor: Millis): Promise<GivenUp>;
  /**
   * The next batch that is due and that nobody is sending, or null. One that may have been taken is only leased to the
   * transport that took it, and only if that one repeats.
   */
  leaseBatch(now: Millis, lease: Millis, transport: Transport): Promise<LeasedBatch | null>;
  /**
   * Records the end of a batch. What failed for good was not sent, so the next slot may say it.
   * @returns false if the batch is over, or another process has leased it since: then nothing is recorded
   */
  settleBatch(lease: BatchTry, results: readonly EmailResult[]): Promise<boolean>;
  /**
   * Gives a batch back, to be tried again from `notBefore` on, at most `MAX_DEFER` ahead.
   * @param neverAccepted no attempt so far can have been accepted
   * @returns false if the batch is over, or another process has leased it since: then nothing is recorded
   */
  deferBatch(lease: BatchTry, notBefore: Millis, neverAccepted: boolean): Promise<boolean>;
  /** How many batches, of all slots or of one, are not handed over yet. */
  batchesWaiting(slot?: SlotOf): Promise<number>;
  /** No more email to this address, wherever it is an agent's. Returns whom that concerns. */
  suppressMail(email: string, reason: string): Promise<{ agents: { businessId: string; agentId: string }[] }>;
  /** Lets mail go to an agent's address again; false for an unknown agent. */
  allowMail(businessId: string, agentId: string): Promise<boolean>;
}
