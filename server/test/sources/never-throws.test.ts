import { IngestEvent } from '@converso/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatwoot } from '../../src/sources/chatwoot/source.ts';
import { meta } from '../../src/sources/meta/source.ts';
import { withPerson } from '../../src/sources/person.ts';
import type { Translation } from '../../src/sources/source.ts';
import { twilio } from '../../src/sources/twilio/source.ts';
import { conversation, listed, MIA, message } from './chatwoot-payloads.ts';
import { contextOf, request } from './requests.ts';

type Path = (string | number)[];

/** Every place in a JSON value. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Array.isArray(value) ? value.map((item, n) => [n, item] as const) : Object.entries(value);
  return [path, ...below.flatMap(([key, item]) => places(item, [...path, key]))];
}

/** The value with another one at that place. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, n) => (n === key ? replaced(item, rest, by) : item));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key as string], rest, by) };
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', -1, 1e308, 253402300799, '9'.repeat(400), 'x'.repeat(5000), '\u0000', '\ud800', [], {}, [
    null,
  ]),
);

/** A payload in which up to three places hold something else. */
const mutated = (payload: unknown) =>
  fc
    .array(fc.tuple(fc.constantFrom(...places(payload)), odd), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value, [path, by]) => replacedWhereItIs(value, path, by), payload));

/** A place may be gone by an earlier change. */
function replacedWhereItIs(value: unknown, path: Path, by: unknown): unknown {
  try {
    return replaced(value, path, by);
  } catch {
    return value;
  }
}

/** What a translation has to be, whatever came in: valid events, and reasons without content. */
function isSound({ events, skipped }: Translation): void {
  for (const translated of events) {
    expect(translated.id.length).toBeLessThanOrEqual(160);
    expect(IngestEvent.safeParse(withPerson(translated, 'p'.repeat(300)).event).success).toBe(true);
  }
  for (const { reason } of skipped) expect(reason).toMatch(/^[\w .,:[\]-]{1,80}$/);
}

const desk = contextOf('cw', chatwoot.settings.parse({ url: 'https://desk.acme.example', account: 3 }));
const shop = contextOf('sms', { account: `AC${'1'.repeat(32)}`, groupId: 'shop' });
const numbers = contextOf(
  'wa',
  meta.settings.parse({ numbers: [{ id: '41', groupId: 'shop' }], businessAccount: '42' }),
);

const metadata = { display_phone_number: '12025550188', phone_number_id: '41' };
const item = { from: '12025550167', id: 'wamid.A1', timestamp: '1777890000', type: 'text', text: { body: 'Hi' } };
const value = {
  metadata,
  recipient: metadata,
  contacts: [{ profile: { name: 'Nora' }, wa_id: '12025550167', user_id: 'DE.8431' }],
  messages: [
    item,
    { ...item, type: 'image', image: { caption: 'a' } },
    { ...item, type: 'system', system: { wa_id: '1', body: 'DE.1 DE.2' } },
  ],
  message_echoes: [{ ...item, to: '12025550167' }],
  statuses: [{ id: 'wamid.A1', status: 'failed', errors: [{ code: 131047 }] }],
  history: [{ threads: [{ id: '12025550167', messages: [item] }] }],
  user_id_update: [{ wa_id: '1', user_id: { previous: 'DE.1', current: 'DE.2' } }],
  standby: {
    messages: [item],
    message_echoes: [{ id: 'wamid.S', timestamp: '1777890000', message: { ...item, to: '1' } }],
  },
  sender: { phone_number: '12025550167' },
  type: 'control_passed',
  control_passed: { metadata: 'asks', previous_owner_app_role: 'meta_business_agent' },
  timestamp: '1777890000',
};
const FIELDS = ['messages', 'smb_message_echoes', 'history', 'standby', 'messaging_handovers', 'user_id_update'];
const envelope = { entry: [{ changes: FIELDS.map((field) => ({ field, value })) }] };

describe('translate never throws, and what it gives is valid', () => {
  const webhooks = [
    message({ attachments: [{ file_type: 'image', fallback_title: 'x' }] }),
    message({ message_type: 'outgoing', sender: MIA }, conversation({ status: 'pending' }, { assignee: MIA })),
    { ...conversation(), event: 'conversation_updated' },
  ];
  test.each(webhooks.map((payload) => [payload]))('for a webhook of Chatwoot %#', (payload) => {
    fc.assert(
      fc.property(mutated(payload), (body) => isSound(chatwoot.translate(request(JSON.stringify(body)), desk))),
      { numRuns: 100 },
    );
  });

  test('for a listed conversation of Chatwoot', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(listed()), async (body) => {
        const call = async () => ({ status: 200, body: { data: { payload: [JSON.parse(JSON.stringify(body))] } } });
        for await (const translation of chatwoot.missed!(call, desk, 0)) isSound(translation);
      }),
      { numRuns: 100 },
    );
  });

  test('for a webhook of Meta', () => {
    fc.assert(
      fc.property(mutated(envelope), (body) => isSound(meta.translate(request(JSON.stringify(body)), numbers))),
      { numRuns: 100 },
    );
  });

  test('for a form of Twilio', () => {
    const name = fc.constantFrom(
      'MessageSid',
      'From',
      'To',
      'Body',
      'NumMedia',
      'MediaContentType0',
      'ExternalUserId',
      'MessageStatus',
      'ErrorCode',
      'OptOutType',
      'ProfileName',
      'Latitude',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 30 }),
      fc.constantFrom('whatsapp:', ':', '+', 'x'.repeat(5000), '-1', 'NaN', '1e99', '🚲\u0000\uffff'),
    );
    const fields = fc
      .array(fc.tuple(name, text), { maxLength: 6 })
      .map((given) => new URLSearchParams([['MessageSid', 'SM1'], ['From', '+1'], ['To', '+2'], ...given]));
    fc.assert(
      fc.property(fields, (form) => isSound(twilio.translate(request(form.toString()), shop))),
      { numRuns: 100 },
    );
  });

  test.each([chatwoot, meta, twilio])('for any bytes', (source) => {
    const contexts = { Chatwoot: desk, 'WhatsApp Cloud': numbers, Twilio: shop };
    const context = contexts[source.label as keyof typeof contexts];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        isSound((source.translate as (...of: unknown[]) => Translation)(request(Buffer.from(bytes)), context)),
      ),
    );
  });
});
