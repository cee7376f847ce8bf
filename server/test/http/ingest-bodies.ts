/** Generated bodies for the ingest: right ones with strange contents, nearly right ones, and nonsense. */
import { KNOWN_CHANNELS } from '@converso/shared';
import fc from 'fast-check';

const STRANGE = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'c1\u0000',
  '\ud800',
  '\ufffe',
  '🐶',
  "'; DROP TABLE agents; --",
  'x'.repeat(129),
  '%',
  '../..',
];

/** Ids that often meet each other, so that events concern the same things. */
const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('c1', 'c2', 'ana', 'ben', 'sales', 'm1', 'g1') },
  { weight: 1, arbitrary: fc.constantFrom(...STRANGE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 140 }) },
);
const groupId = fc.oneof({ weight: 8, arbitrary: fc.constant('sales') }, { weight: 1, arbitrary: id });
const agentId = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('ana', 'ben') }, { weight: 1, arbitrary: id });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...STRANGE));

const MINUTE_MS = 60_000;
const timestamp = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.integer({ min: -3000, max: 6 }).map((m) => new Date(Date.now() + m * MINUTE_MS).toISOString()),
  },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '2026-02-29T00:00:00Z',
        '2024-02-29T24:00:00Z',
        '2026-11-23T08:00:60Z',
        '2026-11-23T08:00Z',
        '0000-01-01T00:00:00Z',
      ],
      ...[
        '2026-11-23T08:00:00',
        '2026-11-23T08:00:00.123456789+23:59',
        '2026-11-23T08:00:00-00:00',
        '20261123T080000Z',
        '1e9',
      ],
    ),
  },
);

const person = fc.record({ address: id, guestId: id, name: text }, { requiredKeys: [] });
const conversation = fc.record(
  { id, groupId, channel: fc.oneof(fc.constantFrom(...KNOWN_CHANNELS, 'line'), text), customer: person },
  { requiredKeys: ['id'] },
);
const message = fc.record(
  { id, text, private: fc.boolean(), attachments: fc.array(fc.record({ type: text, name: text }), { maxLength: 3 }) },
  { requiredKeys: ['id', 'text'] },
);
const byAgent = fc.record({ agentId });
const byAssistant = fc.constant({ assistant: true });
const act = fc.record({ conversation, by: byAgent }, { requiredKeys: ['conversation'] });

const DATA: Record<string, fc.Arbitrary<unknown>> = {
  'message.received': fc.record({ conversation, from: person, message }),
  'message.sent': fc.record({
    conversation,
    by: fc.oneof(byAgent, byAssistant, fc.constant({ automatic: true })),
    message,
  }),
  'conversation.assigned': fc.record(
    { conversation, assignee: fc.oneof(byAgent, byAssistant, fc.constant(null)), by: byAgent },
    { requiredKeys: ['conversation', 'assignee'] },
  ),
  'conversation.handed_over': fc.record({ conversation, reason: text }, { requiredKeys: ['conversation'] }),
  'conversation.closed': act,
  'conversation.reopened': act,
  'conversation.no_reply_needed': act,
  'contact.saved': fc.record({
    contact: fc.record({ address: id, guestId: id, name: text }, { requiredKeys: ['name'] }),
  }),
  'agent.saved': fc.record({
    agent: fc.record({
      id: agentId,
      name: text,
      email: fc.oneof(fc.emailAddress(), text),
      role: fc.constantFrom('agent', 'admin', 'king'),
    }),
  }),
  'agent.removed': fc.record({ id: agentId }),
  'group.saved': fc.record({
    group: fc.record({ id: groupId, name: text, agentIds: fc.array(agentId, { maxLength: 4 }) }),
  }),
  'group.removed': fc.record({ id: groupId }),
};

const event = fc
  .constantFrom(...Object.keys(DATA))
  .chain((type) => fc.record({ type: fc.constant(type), timestamp, data: DATA[type]! }));

/** Every place in a value, as paths. */
const placesIn = (value: unknown): string[][] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((rest) => [key, ...rest])])
    : [];

/** The event with one place replaced, or (with nothing to put there) removed. */
function mutated(whole: object, nth: number, put: unknown): object {
  const copy = structuredClone(whole);
  const places = placesIn(copy);
  const path = places[nth % places.length] ?? ['type'];
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
  const last = path.at(-1)!;
  if (put === undefined) Reflect.deleteProperty(holder as object, last);
  else (holder as Record<string, unknown>)[last] = put;
  return copy;
}

const nearly = fc
  .tuple(event, fc.nat(), fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.constantFrom(...STRANGE)))
  .map(([whole, nth, put]) => mutated(whole, nth, put));

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export const anyBody: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 5, arbitrary: event.map(bytesOf) },
  { weight: 5, arbitrary: nearly.map(bytesOf) },
  { weight: 1, arbitrary: fc.jsonValue().map(bytesOf) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);
