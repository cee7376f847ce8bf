/**
 * A business with its people, as the store sees them: events come in, agents sign in and look at their bells.
 * Every event is a second later than the one before, unless it says otherwise.
 */
import type { IngestEvent, IngestEventType, Notification } from '@converso/shared';
import { expect } from 'vitest';
import { plan } from '../../../src/domain/plan.ts';
import type { CommandEvent, Ingested, Store, StreamChange } from '../../../src/ports/store.ts';
import type { Affected, Caller } from '../../../src/ports/types.ts';

export const MONDAY = Date.UTC(2026, 5, 1, 9);
export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

type Data<Type extends IngestEventType> = Extract<IngestEvent, { type: Type }>['data'];

export interface When {
  /** What the event is dated; the arrival, if not said. */
  at?: number;
  /** Dated without fractions of a second. */
  whole?: boolean;
  /** When it arrives; a second after the event before, if not said. */
  arrives?: number;
  id?: string;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** Ana and Ben are the team of `support`, Fay alone is `sales`; Zoe is an admin in neither. */
export async function openOffice(store: Store, businessId = 'acme') {
  let now = MONDAY;
  let events = 0;
  let tokens = 0;
  const callers = new Map<string, Caller>();
  await store.addBusiness({
    id: businessId,
    name: `The ${businessId}`,
    timeZone: 'Europe/London',
    secret: 'whsec_1',
    now,
  });

  const office = {
    store,
    businessId,
    now: () => now,
    /** Lets time pass. */
    wait(ms: number) {
      now += ms;
    },

    /** Whatever comes of an event. */
    async event<Type extends IngestEventType>(type: Type, data: Data<Type>, when: When = {}): Promise<Ingested> {
      now = when.arrives ?? now + SECOND;
      events += 1;
      const exact = new Date(when.at ?? now).toISOString();
      const timestamp = when.whole ? exact.replace(/\.\d+/, '') : exact;
      const event = { type, data, timestamp } as IngestEvent;
      return office.store.ingest({ businessId, eventId: when.id ?? `evt-${events}`, event, receivedAt: now }, plan);
    },

    /** An event that must be taken. */
    async tell<Type extends IngestEventType>(type: Type, data: Data<Type>, when: When = {}): Promise<Affected> {
      const ingested = await office.event(type, data, when);
      if (ingested.outcome !== 'stored') throw new Error(`${type}: ${JSON.stringify(ingested)}`);
      return ingested.affected;
    },

    agent: (id: string, more: Partial<Data<'agent.saved'>['agent']> = {}, when?: When) =>
      office.tell('agent.saved', { agent: { id, name: nameOf(id), email: emailOf(id), role: 'agent', ...more } }, when),
    group: (id: string, agentIds: string[], more: { name?: string } = {}, when?: When) =>
      office.tell('group.saved', { group: { id, name: nameOf(id), agentIds, ...more } }, when),

    /** A customer writes on WhatsApp to `support`. */
    message: (text = 'Hello?', more: Message = {}, when?: When) =>
      office.tell('message.received', received(text, { id: `msg-${events + 1}`, ...more }), when),

    assign: (conversationId: string, agentId: string | null, by?: string, when?: When) =>
      office.tell('conversation.assigned', assigned(conversationId, agentId, by), when),

    async signIn(id: string, device: string | null = null): Promise<Caller> {
      tokens += 1;
      await office.store.putCode({ email: emailOf(id), codeHash: 'right', expiresAt: now + 60 * SECOND, now });
      const attempt = { email: emailOf(id), codeHash: 'right', businessId, device, now };
      const signedIn = await office.store.signIn({ ...attempt, tokenHash: tokenOf(businessId, id, tokens) });
      if (signedIn.outcome !== 'signed_in') throw new Error(`${id}: ${signedIn.outcome}`);
      return signedIn.caller;
    },

    /** The agent, signed in once. */
    async as(id: string): Promise<Caller> {
      const caller = callers.get(id) ?? (await office.signIn(id));
      callers.set(id, caller);
      return caller;
    },

    execute: async (id: string, command: CommandEvent) => office.store.execute(await office.as(id), command, now, plan),

    async bell(id: string): Promise<Notification[]> {
      return (await office.store.notifications(await office.as(id), { limit: 100 })).items;
    },

    /** What is open for the agent, newest first, in short. */
    async open(id: string): Promise<string[]> {
      const open = (await office.bell(id)).filter(({ state }) => state === 'open');
      return open.map(({ conversation, reason, messageCount }) => `${conversation.id} ${reason} ${messageCount}`);
    },
  };

  await office.group('support', ['ana', 'ben']);
  await office.group('sales', ['fay']);
  for (const id of ['ana', 'ben', 'fay']) await office.agent(id);
  await office.agent('zoe', { role: 'admin' });
  return office;
}

export const nameOf = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);
export const emailOf = (id: string): string => `${id}@example.com`;
export const tokenOf = (businessId: string, id: string, n: number): string => `token of ${businessId} ${id} ${n}`;

interface Message {
  id?: string;
  conversation?: string;
  channel?: string;
  group?: string;
  from?: Data<'message.received'>['from'];
}

export const received = (
  text: string,
  { id = 'm1', conversation = 'c1', channel = 'whatsapp', group = 'support', from }: Message,
) => ({
  conversation: { id: conversation, groupId: group, channel },
  from: from ?? { address: '+447700900001', name: 'Joe' },
  message: { id, text },
});

export const assigned = (
  conversationId: string,
  agentId: string | null,
  by?: string,
): Data<'conversation.assigned'> => ({
  conversation: { id: conversationId },
  assignee: agentId === null ? null : agentId === 'assistant' ? { assistant: true } : { agentId },
  ...(by === undefined ? {} : { by: { agentId: by } }),
});

export const reply = (agentId: string, id: string, conversationId = 'c1'): Data<'message.sent'> => ({
  conversation: { id: conversationId },
  by: { agentId },
  message: { id, text: 'Hi!' },
});

/** The notification that a stream was given; null for other changes. */
export function shownBy(change: StreamChange | undefined): Notification | null {
  if (change?.type !== 'notification') return null;
  const { unread: _, ...notification } = JSON.parse(change.json) as Notification & { unread: number };
  return notification;
}

/** Fails unless the value is there, and narrows it. */
export function present<Value>(value: Value | null | undefined): Value {
  expect(value).toBeDefined();
  expect(value).not.toBeNull();
  return value as Value;
}
