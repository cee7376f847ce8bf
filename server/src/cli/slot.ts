import { authSecret } from '../auth-secret.ts';
import { readConfig } from '../config.ts';
import { withinCeiling } from '../domain/email-ceiling.ts';
import { isoInZone, slotAtOrBefore } from '../domain/slots.ts';
import { planSlot, type SlotPlan } from '../domain/unreplied.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { SlotOf, SlotRecord } from '../ports/digest-store.ts';
import type { Store } from '../ports/store.ts';
import { createDigests, type Digests } from '../services/digests/digests.ts';
import { sources, transportOf } from './adapters.ts';
import { action, businessOption, command, topic, withStore } from './command.ts';
import { CommandFailed, type Result } from './output.ts';
import { slotInWords } from './slot-words.ts';
import * as values from './values.ts';

interface SlotOptions {
  business: string;
  at?: number;
}

/** The slot at a moment or last before it. */
async function slotOf(store: Store, { business }: SlotOptions, at: number): Promise<SlotOf> {
  const known = (await store.businesses()).find(({ id }) => id === business);
  if (!known) throw new CommandFailed(`There is no business ${business}; see \`business list\`.`);
  return { businessId: business, timeZone: known.timeZone, slot: slotAtOrBefore(known.timeZone, at) };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

async function resultOf(store: Store, slot: SlotOf, plan: SlotPlan, record: SlotRecord | null): Promise<Result> {
  const emails = plan.digests.map(({ agent, conversations }) => ({
    agent: { id: agent.id, email: agent.email },
    conversations: conversations.map(({ id, channel, customer, latest, waitingSince }) => ({
      id,
      channel,
      customer,
      messageId: latest?.id ?? null,
      waitingSince: iso(waitingSince),
    })),
  }));
  const agents = await store.agents(slot.businessId);
  return {
    json: { slot: isoInZone(slot.timeZone, slot.slot.at), emails, skipped: plan.skipped },
    text: slotInWords({ slot, record, ...plan, agents }),
  };
}

const preview = command('preview', 'what the slot at a moment, or the last one before it, would email; sends nothing')
  .addOption(businessOption())
  .option('--at <moment>', 'as if it were that moment, in ISO 8601 (default: now)', values.at)
  .action(
    action(async (options: SlotOptions) => {
      const at = options.at ?? Date.now();
      const { unrepliedAfterMinutes, maxEmailsPerDay } = readConfig(process.env);
      return withStore(async (store) => {
        const slot = await slotOf(store, options, at);
        const facts = await store.slotFacts(options.business);
        const left = maxEmailsPerDay - (await store.emailsOn(options.business, slot.slot.date));
        const plan = withinCeiling(planSlot(facts, at, unrepliedAfterMinutes * 60_000), left);
        return resultOf(store, slot, plan, await store.slotRecord(slot));
      });
    }),
  );

/** The service that the server runs, on this process's own store. */
function digestsOn(store: Store): Digests {
  const config = readConfig(process.env);
  const clock = { now: () => Date.now() };
  const { batches } = transportOf(config, clock);
  const secret = authSecret(config);
  return createDigests({
    store,
    batches,
    clock,
    log: createLog('silent'),
    metrics: createMetrics(),
    config: { ...config, authSecret: secret },
    sources,
  });
}

const run = command('run', 'run the slot at a moment, or the last one before it, however late it is; never twice')
  .addOption(businessOption())
  .option('--at <moment>', 'as if it were that moment, in ISO 8601 (default: now)', values.at)
  .action(
    action(async (options: SlotOptions) => {
      const at = options.at ?? Date.now();
      return withStore(async (store) => {
        const slot = await slotOf(store, options, at);
        const digests = digestsOn(store);
        const claimed = await store.claimSlot(slot, Date.now(), true);
        const frozen = claimed ? await digests.freeze(slot, at) : { digests: [], skipped: [] };
        // Also what an earlier run froze and could not send.
        await digests.deliver();
        const batchesWaiting = await store.batchesWaiting(slot);
        const result = await resultOf(store, slot, frozen, await store.slotRecord(slot));
        const text = claimed
          ? result.text
          : 'The slot was run before; nothing was sent. `slot preview` shows what is due now.';
        const failed = 'Not all emails could be handed over; the server goes on trying.';
        return { ...result, text, ...(batchesWaiting > 0 ? { failed } : {}) };
      });
    }),
  );

export const slotCommand = topic('slot', 'the scheduled emails').addCommand(preview).addCommand(run);
