import { authSecret } from '../auth-secret.ts';
import { readConfig } from '../config.ts';
import { isoInZone, slotAtOrBefore } from '../domain/slots.ts';
import { type DigestPlan, planSlot, type Skip, type SkipReason } from '../domain/unreplied.ts';
import { createLog } from '../log.ts';
import { outboxBatches } from '../mail/outbox.ts';
import { resendBatches } from '../mail/resend-batches.ts';
import { createMetrics } from '../metrics.ts';
import type { Store } from '../ports.ts';
import type { SlotOf } from '../ports-digests.ts';
import { createDigests, type Digests } from '../services/digests.ts';
import { action, businessOption, command, topic, withStore } from './command.ts';
import { CommandFailed, type Result } from './output.ts';
import * as values from './values.ts';

interface SlotOptions {
  business: string;
  at?: number;
}

/** Why somebody got no email, for the operator who is asked. */
const IN_WORDS: Record<SkipReason, string> = {
  closed: 'the chat is closed',
  replied: 'it has a reply',
  channel_not_emailed: 'only WhatsApp and SMS are emailed',
  guest: 'the customer is a guest, not a contact',
  too_recent: 'it does not wait long enough yet',
  already_emailed: 'this message was in an earlier email to them',
  admin: 'admins get no email',
  removed: 'the agent was removed',
  emails_off: 'they switched these emails off',
  address_suppressed: 'their address bounced or complained',
  nobody_to_email: 'nobody is left who could get it',
};

/** The slot at a moment or last before it. */
async function slotOf(store: Store, { business }: SlotOptions, at: number): Promise<SlotOf> {
  const known = (await store.businesses()).find(({ id }) => id === business);
  if (!known) throw new CommandFailed(`There is no business ${business}; see \`business list\`.`);
  return { businessId: business, timeZone: known.timeZone, slot: slotAtOrBefore(known.timeZone, at) };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function resultOf({ slot, timeZone }: SlotOf, digests: readonly DigestPlan[], skipped: readonly Skip[]): Result {
  const when = isoInZone(timeZone, slot.at);
  const emails = digests.map(({ agent, conversations }) => ({
    agent: { id: agent.id, email: agent.email },
    conversations: conversations.map(({ id, channel, customer, latest, waitingSince }) => ({
      id,
      channel,
      customer,
      messageId: latest?.id ?? null,
      waitingSince: iso(waitingSince),
    })),
  }));
  const lines = [
    `Slot ${when} (${timeZone})`,
    '',
    ...(emails.length === 0 ? ['No emails.'] : []),
    ...emails.flatMap(({ agent, conversations }) => [
      `${agent.id} <${agent.email}>: ${conversations.length === 1 ? '1 conversation' : `${conversations.length} conversations`}`,
      ...conversations.map(({ id, channel, waitingSince }) => `  ${id}  ${channel}, waiting since ${waitingSince}`),
    ]),
    ...(skipped.length === 0 ? [] : ['', 'Left out:']),
    ...skipped.map(({ conversationId, agentId, reason }) => {
      const who = agentId === undefined ? '' : `, ${agentId}`;
      return `  ${conversationId ?? ''}${who}: ${IN_WORDS[reason]}`;
    }),
  ];
  return { json: { slot: when, emails, skipped }, text: lines.join('\n') };
}

const preview = command('preview', 'what the slot at a moment, or the last one before it, would email; sends nothing')
  .addOption(businessOption())
  .option('--at <moment>', 'as if it were that moment, in ISO 8601 (default: now)', values.at)
  .action(
    action(async (options: SlotOptions) => {
      const at = options.at ?? Date.now();
      const { unrepliedAfterMinutes } = readConfig(process.env);
      return withStore(async (store) => {
        const slot = await slotOf(store, options, at);
        const facts = await store.slotFacts(options.business);
        const { digests, skipped } = planSlot(facts, at, unrepliedAfterMinutes * 60_000);
        return resultOf(slot, digests, skipped);
      });
    }),
  );

/** The service that the server runs, on this process's own store. */
function digestsOn(store: Store): Digests {
  const config = readConfig(process.env);
  const clock = { now: () => Date.now() };
  const { resend, dataDir, mailFrom } = config;
  const batches = resend ? resendBatches(resend, mailFrom) : outboxBatches(dataDir, mailFrom, clock);
  const secret = authSecret(config);
  return createDigests({
    store,
    batches,
    clock,
    log: createLog('silent'),
    metrics: createMetrics(),
    config: { ...config, authSecret: secret },
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
        const batchesWaiting = await store.batchesWaiting();
        const result = resultOf(slot, frozen.digests, frozen.skipped);
        const text = claimed ? result.text : `${result.text}\nThe slot was run before.`;
        const failed = `${batchesWaiting} batches could not be handed over; the server goes on trying`;
        return { ...result, text, ...(batchesWaiting > 0 ? { failed } : {}) };
      });
    }),
  );

export const slotCommand = topic('slot', 'the scheduled emails').addCommand(preview).addCommand(run);
