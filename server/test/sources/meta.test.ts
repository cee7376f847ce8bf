import { describe, expect, test } from 'vitest';
import { meta } from '../../src/sources/meta/source.ts';
import type { Outgoing } from '../../src/sources/source.ts';
import { contextOf, inWords, NOW, request } from './requests.ts';

const OWN = '410000000000001';
const ANNA = '12025550167';
const BSUID = 'DE.84316209175538';
const settings = meta.settings.parse({ numbers: [{ id: OWN, groupId: 'shop' }], businessAccount: '420000000000002' });
const context = contextOf('wa', settings);
const CHAT = `wa:${OWN}:${ANNA}`;
const LET_GO = `if the assistant has it: saved ${CHAT} open nobody shop whatsapp`;

const metadata = { display_phone_number: '12025550188', phone_number_id: OWN };
const change = (field: string, value: object) => ({
  field,
  value: { messaging_product: 'whatsapp', metadata, ...value },
});
const translate = (...changes: object[]) => {
  const body = { object: 'whatsapp_business_account', entry: [{ id: settings.businessAccount, changes }] };
  return meta.translate(request(JSON.stringify(body)), context);
};
const words = (...changes: object[]) => inWords(translate(...changes));
const contacts = [{ profile: { name: 'Nora Fink' }, wa_id: ANNA }];
const messages = (...items: unknown[]) => change('messages', { contacts, messages: items });
const text = (changes: object = {}) => ({
  from: ANNA,
  id: 'wamid.A1',
  timestamp: '1777890000',
  type: 'text',
  text: { body: 'Is it ready?' },
  ...changes,
});
const typed = (type: string, content?: unknown) => text({ text: undefined, type, [type]: content });

describe('a message over WhatsApp Cloud', () => {
  test('is of the conversation with its sender, dated by Meta', () => {
    const [, received] = translate(messages(text())).events;
    expect(received).toEqual({
      id: 'wa:wamid.A1',
      person: { identifiers: [ANNA], thread: `wa:${OWN}` },
      event: {
        type: 'message.received',
        timestamp: '2026-05-04T10:20:00Z',
        data: {
          conversation: {
            id: CHAT,
            groupId: 'shop',
            channel: 'whatsapp',
            customer: { address: `+${ANNA}`, name: 'Nora Fink' },
          },
          from: { address: `+${ANNA}`, name: 'Nora Fink' },
          message: { id: 'wa:wamid.A1', text: 'Is it ready?', attachments: [] },
        },
      },
    });
  });

  test.each([
    ['a button', typed('button', { text: 'No', payload: 'n' }), '"No"'],
    [
      'a reply button',
      typed('interactive', { type: 'button_reply', button_reply: { id: '1', title: 'Yes' } }),
      '"Yes"',
    ],
    ['a list', typed('interactive', { type: 'list_reply', list_reply: { id: '1', title: 'Repair' } }), '"Repair"'],
    ['a flow', typed('interactive', { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: '{}' } }), '"Sent"'],
    ['a picture', typed('image', { id: '1', caption: 'Like this' }), '"Like this" +image'],
    ['a file', typed('document', { id: '1', filename: 'bill.pdf' }), '"" +document:bill.pdf'],
    ['a sticker', typed('sticker', { id: '1' }), '"" +sticker'],
    ['a voice message', typed('audio', { id: '1', voice: true }), '"" +audio'],
    ['a picture that could not be loaded', { ...typed('image', {}), errors: [{ code: 131052 }] }, '"" +image'],
    ['a place', typed('location', { name: 'Old Bridge', latitude: 48.1, longitude: 11.5 }), '"Location: Old Bridge"'],
    ['a place without a name', typed('location', { latitude: 48.1, longitude: 11.5 }), '"Location: 48.1, 11.5"'],
    [
      'a place without a type',
      { ...typed('location', { name: 'Old Bridge' }), type: undefined },
      '"Location: Old Bridge"',
    ],
    [
      'cards',
      typed('contacts', [{ name: { formatted_name: 'Tom Berg' } }, { name: {} }]),
      '"Contact: Tom Berg and 1 more"',
    ],
    ['an order', typed('order', { catalog_id: '1', product_items: [{}, {}] }), '"Order: 2"'],
    [
      'something unsupported',
      { ...typed('unsupported'), errors: [{ code: 131051 }] },
      '"A message that cannot be shown here"',
    ],
    ['something that vanishes', typed('ephemeral'), '"A message that cannot be shown here"'],
    ['something of tomorrow', typed('hologram', { a: 1 }), '"A message that cannot be shown here"'],
    ['a text without its text', typed('text', 5), '"A message that cannot be shown here"'],
  ])('%s', (_, item, expected) => {
    expect(words(messages(item))).toEqual([LET_GO, `received ${CHAT} whatsapp ${expected}`]);
  });

  test.each(['reaction', 'revoke', 'edit', 'request_welcome'])('a %s needs no answer', (type) => {
    expect(words(messages(typed(type, { emoji: '' })))).toEqual([`ignored: ${type}`]);
  });

  test('of somebody with both a number and a user id names both', () => {
    const both = change('messages', {
      contacts: [{ profile: { name: 'Nora' }, wa_id: ANNA, user_id: BSUID }],
      messages: [text({ from_user_id: BSUID })],
    });
    const [, received] = translate(both).events;
    expect(received?.person?.identifiers).toEqual([BSUID, ANNA]);
    expect(received?.event.data).toMatchObject({
      conversation: { id: `wa:${OWN}:${BSUID}` },
      from: { address: `+${ANNA}`, guestId: BSUID },
    });
  });

  test('of somebody with a user id alone has no address', () => {
    const hidden = change('messages', {
      contacts: [{ profile: { name: 'Nora' }, user_id: BSUID }],
      messages: [text({ from: undefined, from_user_id: BSUID })],
    });
    expect(translate(hidden).events[1]?.event.data).toMatchObject({ from: { guestId: BSUID, name: 'Nora' } });
  });

  test('of somebody with a very long user id has an id that fits', () => {
    const long = `DE.ENT.${'8'.repeat(128)}`;
    const [, received] = translate(messages(text({ from: undefined, from_user_id: long }))).events;
    expect(received?.event.data).toMatchObject({
      conversation: { id: expect.stringMatching(new RegExp(`^wa:${OWN}:sha256:[0-9a-f]{32}$`)) },
    });
  });

  test('takes the name of its own contact where there are several', () => {
    const several = change('messages', {
      contacts: [{ profile: { name: 'Tom' }, wa_id: '12025550199' }, ...contacts],
      messages: [text(), text({ id: 'wamid.A2', from: '12025550155' })],
    });
    const names = translate(several).events.flatMap(({ event }) =>
      event.type === 'message.received' ? [event.data.from.name] : [],
    );
    expect(names).toEqual(['Nora Fink', undefined]);
  });

  test('without an id has the same one when it comes again', () => {
    const ids = [1, 2].map(() => translate(messages(text({ id: undefined }))).events[1]?.id);
    expect(ids[0]).toMatch(/^wa:[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  test('without a usable time is of now', () => {
    const [, received] = translate(messages(text({ timestamp: 'soon' }))).events;
    expect(received?.event.timestamp).toBe(new Date(NOW).toISOString());
  });

  test('that cannot be used costs neither its neighbours nor those of other changes', () => {
    const found = words(
      messages(text(), null, text({ id: 'wamid.A2', from: undefined })),
      change('messages', { contacts: 'none', messages: [typed('reaction', {}), text({ id: 'wamid.A3' })] }),
      { field: 'messages' },
      change('messages', { messages: 'none' }),
    );
    expect(found).toEqual([
      LET_GO,
      `received ${CHAT} whatsapp "Is it ready?"`,
      LET_GO,
      `received ${CHAT} whatsapp "Is it ready?"`,
      LET_GO,
      `received ${CHAT} whatsapp "Is it ready?"`,
      'unusable: message',
      'ignored: reaction',
    ]);
  });
});

describe('what the business writes elsewhere on WhatsApp', () => {
  const echo = (changes: object = {}) => ({ ...text({ from: '12025550188', to: ANNA, id: 'wamid.E1' }), ...changes });
  const echoes = (...items: unknown[]) => change('smb_message_echoes', { message_echoes: items });

  test.each([
    ['on the phone', echo(), 'sent by person "Is it ready?"'],
    [
      'by a program of Meta’s',
      echo({ message_creation_type: 'created_by_1p_bot' }),
      'sent by assistant "Is it ready?"',
    ],
    ['as a picture', echo({ type: 'image', text: undefined, image: {} }), 'sent by person "image"'],
    ['and takes back', echo({ type: 'revoke' }), 'ignored: revoke'],
    ['to nobody', echo({ to: undefined }), 'unusable: echo without recipient'],
  ])('%s', (_, item, expected) => {
    expect(words(echoes(item))).toEqual([expected]);
  });
});

describe('Meta’s own assistant', () => {
  const standby = (value: object) => change('standby', { standby: value });

  test('has the chat while a message only comes along', () => {
    expect(words(standby({ contacts, messages: [typed('audio', {})] }))).toEqual([
      `saved ${CHAT} open assistant shop whatsapp`,
      `received ${CHAT} whatsapp "" +audio`,
    ]);
  });

  test('answers', () => {
    const item = {
      id: 'wamid.S1',
      timestamp: '1777890001',
      message: { to: ANNA, type: 'text', text: { body: 'Yes' } },
    };
    const translation = translate(standby({ message_echoes: [item] }));
    expect(inWords(translation)).toEqual(['sent by assistant "Yes"']);
    expect(translation.events[0]).toMatchObject({
      id: 'wa:wamid.S1',
      event: { timestamp: '2026-05-04T10:20:01Z' },
    });
  });

  const handover = (type: string, passed: object = {}, sender: object = { phone_number: ANNA }) => ({
    field: 'messaging_handovers',
    value: {
      messaging_product: 'whatsapp',
      recipient: metadata,
      sender,
      timestamp: '1777890002',
      type,
      [type]: passed,
    },
  });

  test('hands a chat over, once for each time', () => {
    const passed = { metadata: 'asks for a person', previous_owner_app_role: 'meta_business_agent' };
    const translation = translate(handover('control_passed', passed));
    expect(inWords(translation)).toEqual([`handed over ${CHAT} (asks for a person)`]);
    expect(translation.events[0]?.id).toBe(`wa:handover:${ANNA}:1777890002000`);
  });

  test.each([
    ['without roles', handover('control_passed'), `handed over ${CHAT} ()`],
    [
      'from another app',
      handover('control_passed', { previous_owner_app_role: 'crm' }),
      'ignored: handover by another app',
    ],
    [
      'back to the assistant',
      handover('control_passed', { new_owner_role: 'ai_agent' }),
      `saved ${CHAT} open assistant shop whatsapp`,
    ],
    ['that we took', handover('control_taken'), LET_GO],
    ['of a kind we do not know', handover('control_asked'), 'ignored: handover control_asked'],
    ['of nobody', handover('control_passed', {}, {}), 'unusable: handover without sender'],
  ])('a handover %s', (_, item, expected) => {
    expect(words(item)).toEqual([expected]);
  });
});

describe('what else Meta sends', () => {
  test.each([
    ['a delivered reply', { id: 'wamid.R1', status: 'delivered' }, 'ignored: status'],
    [
      'a reply that failed',
      { id: 'wamid.R1', status: 'failed', errors: [{ code: 131047 }] },
      'failed wa:wamid.R1 window_closed',
    ],
    [
      'a failure without a reason',
      { id: 'wamid.R1', status: 'failed', recipient_user_id: BSUID },
      'failed wa:wamid.R1 other',
    ],
    ['a status of nothing', { status: 'failed' }, 'unusable: status'],
  ])('%s', (_, item, expected) => {
    expect([
      words(change('messages', { statuses: [item] })),
      words(change('standby', { standby: { statuses: [item] } })),
    ]).toEqual([[expected], [expected]]);
  });

  const system = (content: object, changes: object = {}) =>
    words(messages({ ...typed('system', content), ...changes }));
  test('a new number is the same person', () => {
    const found = [
      system({ type: 'user_changed_number', new_wa_id: '12025550166' }),
      system({ type: 'user_changed_number', wa_id: '12025550166' }),
    ];
    expect(found).toEqual(Array(2).fill([`same person ${ANNA} 12025550166`]));
  });

  test('a new user id is the same person, also where the former one stands in words only', () => {
    const content = {
      body: `User Nora changed from ${BSUID} to DE.99`,
      user_id: 'DE.99',
      type: 'user_changed_user_id',
    };
    const update = { wa_id: ANNA, user_id: { previous: BSUID, current: 'DE.99' }, timestamp: '1777890003' };
    expect([
      system(content, { from: undefined }),
      words(change('user_id_update', { user_id_update: [update] })),
      system({ body: 'Nora', user_id: 'DE.99' }, { from: undefined }),
    ]).toEqual([
      [`same person ${BSUID} DE.99`],
      [`same person ${BSUID} DE.99 ${ANNA}`],
      ['unusable: system without two identifiers'],
    ]);
  });

  test('the history of a number is who wrote what, without what cannot be shown', () => {
    const items = [
      text({ id: 'wamid.H1' }),
      text({ id: 'wamid.H2', from: '12025550188', to: ANNA, text: { body: 'Tomorrow' } }),
      typed('media_placeholder'),
      7,
    ];
    const threads = [{ id: ANNA, messages: items }, null, { messages: [text()] }];
    expect(words(change('history', { history: [{ metadata: { phase: 0 }, threads }] }))).toEqual([
      `received ${CHAT} whatsapp "Is it ready?"`,
      'sent by person "Tomorrow"',
      'ignored: media_placeholder',
      'unusable: history message',
      'unusable: history message',
    ]);
  });

  test('a history that the business does not share is ignored', () => {
    expect(words(change('history', { history: [{ errors: [{ code: 2593109 }] }] }))).toEqual(['ignored: declined']);
  });

  test.each([
    [
      'another number',
      { field: 'messages', value: { metadata: { phone_number_id: '9' }, messages: [text()] } },
      'ignored: another number',
    ],
    ['no number', { field: 'account_update', value: {} }, 'ignored: account_update of no number'],
    ['another field', change('user_preferences', {}), 'ignored: user_preferences'],
    ['a field whose name is no word', change('<script>', {}), 'ignored: unnamed'],
  ])('a change of %s is ignored', (_, item, expected) => {
    expect(words(item)).toEqual([expected]);
  });

  test.each(['', '{', '7', 'null', '[]'])('a body of %j is unusable', (body) => {
    expect(inWords(meta.translate(request(body), context))).toEqual(['unusable: not a webhook of WhatsApp']);
  });
});

describe('a reply over WhatsApp Cloud', () => {
  const reply: Outgoing = {
    channel: 'whatsapp',
    own: OWN,
    customer: { address: `+${ANNA}` },
    text: 'It is.',
    statusUrl: '',
  };

  test('goes to a number, or to a user id where there is none', () => {
    const to = (customer: Outgoing['customer']) => meta.sender!.request(settings, { ...reply, customer }).json;
    const base = {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      type: 'text',
      text: { body: 'It is.' },
    };
    expect([to({ address: `+${ANNA}`, guestId: BSUID }), to({ guestId: BSUID })]).toEqual([
      { ...base, to: ANNA },
      { ...base, recipient: BSUID },
    ]);
    expect(meta.sender?.request(settings, reply).path).toBe(`/v25.0/${OWN}/messages`);
  });

  test.each([
    ['was taken', 200, { messages: [{ id: 'wamid.R1' }] }, { outcome: 'accepted', messageId: 'wamid.R1' }],
    ['was taken, without an id', 200, { messages: [] }, { outcome: 'unknown' }],
    ['may have been taken', 503, null, { outcome: 'unknown' }],
    ['was too late', 400, { error: { code: 131047 } }, { outcome: 'refused', reason: 'window_closed' }],
    ['could not be delivered', 400, { error: { code: 131026 } }, { reason: 'unreachable' }],
    ['was one too many', 400, { error: { code: 130429 } }, { reason: 'busy' }],
    ['was one too many, without a code', 429, null, { reason: 'busy' }],
    ['had no access', 401, { error: { code: 190 } }, { reason: 'misconfigured' }],
    ['had no access, without a code', 403, null, { reason: 'misconfigured' }],
    [
      'was refused for another reason',
      400,
      { error: { code: 100 } },
      { reason: 'other', words: 'WhatsApp did not deliver it (error 100).' },
    ],
  ])('that %s', (_, status, body, expected) => {
    expect(meta.sender?.outcome({ status, body })).toMatchObject(expected);
  });
});

describe('the account at Meta', () => {
  const answering = (status: number, body: unknown = {}) => {
    const paths: string[] = [];
    const call = async ({ method, path }: { method: string; path: string }) => {
      paths.push(`${method} ${path}`);
      return { status, body };
    };
    return { call, paths };
  };

  test('lets its webhooks come to the app', async () => {
    const { call, paths } = answering(200, { success: true });
    expect([await meta.register!(call, settings, ''), paths]).toEqual([
      {},
      ['POST /v25.0/420000000000002/subscribed_apps'],
    ]);
  });

  test('has the numbers that are named', async () => {
    const { call } = answering(200, { verified_name: 'Acme Bikes', display_phone_number: '+1 202-555-0188' });
    expect(await meta.check!(call, settings)).toBe('found +1 202-555-0188 Acme Bikes');
  });

  test('is refused with a token that may not see them', async () => {
    const { call } = answering(403);
    await expect(meta.check!(call, settings)).rejects.toThrow(`Meta answered 403 for the number ${OWN}`);
    await expect(meta.register!(call, settings, '')).rejects.toThrow('Meta answered 403');
  });
});
