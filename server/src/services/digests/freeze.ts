/** The second step of the scheduled emails: freezes claimed slots batch by batch, as finished emails. */
import type { Config } from '../../config.ts';
import { type DigestContext, digestOf } from '../../domain/digest.ts';
import { type DigestPlan, planSlot, type Skip } from '../../domain/unreplied.ts';
import { digestEmail } from '../../email/templates/digest-email.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { DigestStore, Frozen, FrozenEmail, SlotOf } from '../../ports/digest-store.ts';
import type { BatchMailer } from '../../ports/mail.ts';
import type { SourceStore } from '../../ports/source-store.ts';
import type { Clock, Millis } from '../../ports/types.ts';
import { inboxesOf } from '../inboxes.ts';
import type { Sources } from '../plugged.ts';
import { unsubscribeToken } from '../unsubscribe.ts';
import { MINUTE, nameOf } from './slot-name.ts';

export interface FreezeDeps {
  store: Pick<DigestStore, 'freezeBatch'> & Pick<SourceStore, 'sources'>;
  batches: Pick<BatchMailer, 'limit' | 'atOnce'>;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, 'mails'>;
  config: Pick<Config, 'conversationUrl' | 'inboxUrl' | 'publicUrl' | 'unrepliedAfterMinutes' | 'maxEmailsPerDay'> & {
    authSecret: string;
  };
  /** The kinds of sources, for the inboxes that they have; without them all links lead to the inbox of this server. */
  sources?: Sources;
}

export interface Freezer {
  /** Freezes the next emails of a claimed slot, as of a moment. */
  next(slot: SlotOf, at: Millis): Promise<Frozen>;
  /** Freezes all of a claimed slot; returns who gets an email and who does not. */
  all(slot: SlotOf, at: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }>;
}

export function createFreezer({ store, batches, clock, log, metrics, config, sources = {} }: FreezeDeps): Freezer {
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

  async function next(slot: SlotOf, at: Millis): Promise<Frozen> {
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

  async function all(slot: SlotOf, at: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }> {
    const digests: DigestPlan[] = [];
    for (;;) {
      const frozen = await next(slot, at);
      if (frozen.outcome === 'finished') return { digests, skipped: frozen.skipped };
      digests.push(...frozen.digests);
    }
  }

  return { next, all };
}
