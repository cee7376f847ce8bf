/** A slot in words, for the operator who is asked "why did Ben get no email at 11?". */
import { channelLabel } from '@converso/shared';
import { oneLine } from '../domain/one-line.ts';
import { isoInZone } from '../domain/slots.ts';
import type { DigestPlan, Skip, SkipReason, WaitingFacts } from '../domain/unreplied.ts';
import type { SlotOf, SlotRecord } from '../ports/digest-store.ts';
import type { AgentRow } from '../ports/store.ts';

const IN_WORDS: Record<SkipReason, string> = {
  closed: 'closed',
  replied: 'has a reply',
  channel_not_emailed: 'only WhatsApp and SMS are emailed',
  guest: 'from a guest, and only contacts are emailed about',
  too_recent: 'does not wait long enough yet',
  already_emailed: 'this message was in an earlier email to them',
  admin: 'admins get no email',
  removed: 'removed',
  emails_off: 'switched these emails off',
  address_suppressed: 'the address bounced or complained; see `agent allow-mail`',
  daily_limit: 'the business has reached MAX_EMAILS_PER_DAY',
  nobody_to_email: 'nobody is left to email',
};

/** How many ids stand in one line. */
const MOST = 10;

const idsOf = (skips: readonly Skip[]): string => {
  const ids = [
    ...new Set(skips.flatMap(({ conversationId }) => (conversationId === undefined ? [] : oneLine(conversationId)))),
  ];
  return ids.length > MOST ? `${ids.slice(0, MOST).join(', ')} and ${ids.length - MOST} more` : ids.join(', ');
};

const count = (many: number, one: string): string => `${many} ${many === 1 ? one : `${one}s`}`;

/** `2026-11-23 08:12`, in the zone. */
const shortly = (timeZone: string, at: number): string => isoInZone(timeZone, at).slice(0, 16).replace('T', ' ');

function recordInWords(record: SlotRecord | null, timeZone: string): string {
  if (record === null) return 'It has not been run.';
  const when = shortly(timeZone, record.recordedAt);
  if (record.status === 'skipped') return `It was skipped at ${when}: the server saw it too late.`;
  if (record.status === 'running') return `It began at ${when} and has not finished.`;
  return record.reason === null ? `It was run at ${when}.` : `It was ended at ${when}, too late to finish.`;
}

const conversationLine = (timeZone: string, { id, channel, customer, waitingSince, waiting }: WaitingFacts): string => {
  const since = waitingSince === null ? '' : `, since ${shortly(timeZone, waitingSince)}`;
  const who = oneLine(customer.name ?? '') || oneLine(customer.address ?? '') || 'a customer';
  return `    ${oneLine(id)}: ${who} on ${channelLabel(channel)}${since}${waiting > 1 ? `, ${waiting} messages` : ''}`;
};

/** Why an agent who may get emails, or may not, gets none. */
function whyNone(agent: AgentRow, skips: readonly Skip[]): string {
  const own = skips.filter(({ agentId }) => agentId === agent.id);
  if (!agent.active) return IN_WORDS.removed;
  if (agent.role === 'admin') return IN_WORDS.admin;
  if (!agent.preferences.unrepliedEmails) return IN_WORDS.emails_off;
  if (agent.mailSuppressed !== null) return `${IN_WORDS.address_suppressed} (${agent.mailSuppressed})`;
  if (own.some(({ reason }) => reason === 'daily_limit')) return IN_WORDS.daily_limit;
  if (own.length === 0) return 'nothing that is due is assigned to them or waits in a group of theirs';
  return `${IN_WORDS.already_emailed}: ${idsOf(own)}`;
}

export interface SlotInWords {
  slot: SlotOf;
  record: SlotRecord | null;
  digests: readonly DigestPlan[];
  skipped: readonly Skip[];
  agents: readonly AgentRow[];
}

export function slotInWords({ slot: { slot, timeZone }, record, digests, skipped, agents }: SlotInWords): string {
  const emailed = new Set(digests.map(({ agent }) => agent.id));
  const without = agents.filter(({ id, active }) => active && !emailed.has(id));
  const chats = Map.groupBy(
    skipped.filter(({ agentId }) => agentId === undefined),
    ({ reason }) => reason,
  );
  return [
    `Slot ${isoInZone(timeZone, slot.at)} (${timeZone}). ${recordInWords(record, timeZone)}`,
    '',
    digests.length === 0 ? 'No emails.' : `${count(digests.length, 'email')}:`,
    ...digests.flatMap(({ agent, conversations }) => [
      `  ${agent.id} <${agent.email}>, ${count(conversations.length, 'conversation')}`,
      ...conversations.map((conversation) => conversationLine(timeZone, conversation)),
    ]),
    ...(without.length === 0 ? [] : ['', 'No email to:']),
    ...without.map((agent) => `  ${agent.id}: ${whyNone(agent, skipped)}`),
    ...(chats.size === 0 ? [] : ['', 'Chats that wait and are in no email:']),
    ...[...chats].map(([reason, skips]) => `  ${IN_WORDS[reason]}: ${idsOf(skips)}`),
  ].join('\n');
}
