import { randomBytes } from 'node:crypto';
import type { IngestEvent } from '@converso/shared';
import type { Planner } from '../domain/plan.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Millis } from '../ports/types.ts';
import { DEMO_AGENTS, DEMO_BUSINESS, DEMO_GROUPS } from './business.ts';
import { DEMO_CHATS, type DemoChat, type DemoLine } from './chats.ts';

const MINUTE_MS = 60_000;
/** What a seeded delivery is called. The same one is applied once, so seeding again changes nothing. */
const eventId = (...parts: (string | number)[]): string => ['demo-seed', ...parts].join(':');

const by = (agentId: string | undefined) => (agentId === undefined ? {} : { by: { agentId } });

function eventOf(
  { id, channel, groupId, customer }: DemoChat,
  line: DemoLine,
  index: number,
  now: Millis,
): IngestEvent {
  const timestamp = new Date(now - line.ago * MINUTE_MS).toISOString();
  const conversation = { id, groupId, channel, customer };
  const messageId = `${id}-${index}`;
  switch (line.kind) {
    case 'customer': {
      const message = { id: messageId, text: line.text };
      return { type: 'message.received', timestamp, data: { conversation, from: customer, message } };
    }
    case 'agent': {
      const message = { id: messageId, text: line.text, ...(line.isPrivate ? { private: true } : {}) };
      return { type: 'message.sent', timestamp, data: { conversation, by: { agentId: line.agentId }, message } };
    }
    case 'assistant': {
      const message = { id: messageId, text: line.text };
      return { type: 'message.sent', timestamp, data: { conversation, by: { assistant: true }, message } };
    }
    case 'assigned':
      return { type: 'conversation.assigned', timestamp, data: { conversation, assignee: line.to, ...by(line.by) } };
    case 'handed_over':
      return { type: 'conversation.handed_over', timestamp, data: { conversation, reason: line.reason } };
    case 'closed':
      return { type: 'conversation.closed', timestamp, data: { conversation, ...by(line.by) } };
    case 'no_reply_needed':
      return { type: 'conversation.no_reply_needed', timestamp, data: { conversation, ...by(line.by) } };
  }
}

/** Every delivery that makes the demo, in the order in which it must arrive. */
function* deliveries(now: Millis): Generator<{ eventId: string; event: IngestEvent }> {
  const timestamp = new Date(now).toISOString();
  for (const agent of DEMO_AGENTS) {
    yield { eventId: eventId('agent', agent.id), event: { type: 'agent.saved', timestamp, data: { agent } } };
  }
  for (const { agentIds, ...group } of DEMO_GROUPS) {
    const data = { group: { ...group, agentIds: [...agentIds] } };
    yield { eventId: eventId('group', group.id), event: { type: 'group.saved', timestamp, data } };
  }
  for (const { id, customer, saved } of DEMO_CHATS) {
    const { name } = customer;
    if (!saved || name === undefined) continue;
    const data = { contact: { ...customer, name } };
    yield { eventId: eventId('contact', id), event: { type: 'contact.saved', timestamp, data } };
  }
  // As it happened, chat beside chat, so that the bell has the newest on top.
  const happened = DEMO_CHATS.flatMap((chat) => chat.lines.map((line, index) => ({ chat, line, index })));
  for (const { chat, line, index } of happened.toSorted((a, b) => b.line.ago - a.line.ago)) {
    yield { eventId: eventId(chat.id, index), event: eventOf(chat, line, index, now) };
  }
}

/**
 * Makes the demo's business with its agents, groups and chats, as its sender's events would. Does nothing if
 * it is there already, whatever became of it since.
 * @throws if the store refuses an event, which would be a mistake in the demo itself
 */
export async function seedDemo({
  store,
  planner,
  clock,
}: {
  store: Store;
  planner: Planner;
  clock: Clock;
}): Promise<void> {
  const now = clock.now();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  await store.addBusiness({ ...DEMO_BUSINESS, secret, now });
  for (const { eventId, event } of deliveries(now)) {
    const delivery = { businessId: DEMO_BUSINESS.id, eventId, event, receivedAt: Date.parse(event.timestamp) };
    const ingested = await store.ingest(delivery, planner);
    if (ingested.outcome !== 'refused') continue;
    throw new Error(`The demo's ${event.type} was refused: ${ingested.field} ${ingested.message}`);
  }
}
