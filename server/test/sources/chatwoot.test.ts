import { describe, expect, test } from 'vitest';
import { chatwoot } from '../../src/sources/chatwoot/source.ts';
import { ASKED_AT, BOT, CUSTOMER, conversation, listed, MIA, message, SAVED_AT, webhook } from './chatwoot-payloads.ts';
import { contextOf, inWords, request } from './requests.ts';

const settings = chatwoot.settings.parse({ url: 'https://desk.acme.example/', account: 3 });
const context = contextOf('cw', settings);
const translate = (payload: unknown) => chatwoot.translate(webhook(payload), context);
const words = (payload: unknown) => inWords(translate(payload));

const byBot = { assignee: BOT, assignee_type: 'AgentBot' };
const byMia = { assignee: MIA, assignee_type: 'User' };
const stateOf = (changes: object, meta: object) =>
  words({ ...conversation(changes as never, meta as never), event: 'conversation_updated', changed_attributes: null });

describe('who has a Chatwoot conversation', () => {
  test.each([
    ['open, assigned to nobody', {}, {}, 'open nobody'],
    ['open, assigned to a person', {}, byMia, 'open agent-mia'],
    ['open, still assigned to the bot that opened it', {}, byBot, 'open nobody'],
    ['pending, assigned to a bot', { status: 'pending' }, byBot, 'open assistant'],
    ['pending, assigned to nobody, as Captain’s are', { status: 'pending' }, {}, 'open assistant'],
    ['pending, parked with a person', { status: 'pending' }, byMia, 'open agent-mia'],
    ['resolved', { status: 'resolved' }, byMia, 'closed agent-mia'],
    ['snoozed', { status: 'snoozed' }, byMia, 'closed agent-mia'],
    ['before there were bots as assignees', {}, { assignee: { id: 32, name: 'Tom', type: 'user' } }, 'open agent-tom'],
    [
      'in the API, where a person has no type',
      {},
      { assignee: { id: 31, name: 'Mia', role: 'agent' } },
      'open agent-mia',
    ],
    [
      'in the API, assigned to Captain',
      { status: 'pending' },
      { assignee: { id: 1, type: 'captain_assistant' } },
      'open assistant',
    ],
  ])('%s', (_, changes, meta, expected) => {
    expect(stateOf(changes, meta)).toEqual([`saved cw:815 ${expected} cw:inbox:9 whatsapp`]);
  });

  test('an agent who is not known here is reported, and the conversation is nobody’s until a sync', () => {
    expect(stateOf({}, { assignee: { ...MIA, id: 99 }, assignee_type: 'User' })).toEqual([
      'saved cw:815 open nobody cw:inbox:9 whatsapp',
      'unknown agent 99',
    ]);
  });
});

describe('where a Chatwoot conversation is', () => {
  test.each([
    ['Channel::WebWidget', 'webchat'],
    ['Channel::Email', 'email'],
    ['Channel::FacebookPage', 'messenger'],
    ['Channel::Api', 'api'],
    ['Channel::TwilioSms', 'sms'],
    ['Channel::Carrier-Pigeon', 'carrier-pigeon'],
    ['something else', 'chat'],
    [null, 'chat'],
  ])('the channel %s is %s', (channel, expected) => {
    expect(stateOf({ channel }, {})).toEqual([`saved cw:815 open nobody cw:inbox:9 ${expected}`]);
  });

  test('a Twilio inbox is WhatsApp where the contact’s address there says so', () => {
    const contact_inbox = { source_id: 'whatsapp:+12025550167' };
    expect(stateOf({ channel: 'Channel::TwilioSms', contact_inbox }, {})).toEqual([
      'saved cw:815 open nobody cw:inbox:9 whatsapp',
    ]);
  });

  test('an inbox that is not known here is reported', () => {
    expect(stateOf({ inbox_id: 10 }, {})).toEqual([
      'saved cw:815 open nobody cw:inbox:10 whatsapp',
      'unknown group cw:inbox:10',
    ]);
  });

  test('with groups by team the team is the group, and without a team the inbox', () => {
    const byTeam = contextOf('cw', { ...settings, groupsBy: 'team' as const });
    const group = (team: object | null) =>
      inWords(chatwoot.translate(webhook({ ...conversation({}, { team }), event: 'conversation_updated' }), byTeam));
    expect([group({ id: 5, name: 'workshop' }), group(null)]).toEqual([
      ['saved cw:815 open nobody cw:team:5 whatsapp'],
      ['saved cw:815 open nobody cw:inbox:9 whatsapp'],
    ]);
  });

  test.each([
    ['a phone number', CUSTOMER, { address: '+12025550167', name: 'Nora Fink' }],
    [
      'an email address',
      { ...CUSTOMER, phone_number: null, email: 'nora@example.org' },
      { address: 'nora@example.org', name: 'Nora Fink' },
    ],
    [
      'neither',
      { ...CUSTOMER, phone_number: '', name: 'calm-lake-17' },
      { guestId: 'cw:contact:77', name: 'calm-lake-17' },
    ],
    [
      'an address that is too long',
      { ...CUSTOMER, phone_number: null, email: `${'n'.repeat(140)}@example.org` },
      { guestId: 'cw:contact:77', name: 'Nora Fink' },
    ],
  ])('a customer with %s', (_, sender, expected) => {
    const [saved] = translate({ ...conversation({}, { sender }), event: 'conversation_created' }).events;
    expect(saved?.event.data).toMatchObject({ conversation: { customer: expected } });
  });
});

describe('a message in Chatwoot', () => {
  test('from a customer is a state and a message, dated when it was written', () => {
    const { events } = translate(message());
    expect(events.map(({ id, event }) => [id, event.type, event.timestamp])).toEqual([
      ['cw:message_created:815:9001:state', 'conversation.saved', ASKED_AT],
      ['cw:message_created:815:9001', 'message.received', ASKED_AT],
    ]);
    expect(events[1]?.event.data).toEqual({
      conversation: {
        id: 'cw:815',
        groupId: 'cw:inbox:9',
        channel: 'whatsapp',
        customer: { address: '+12025550167', name: 'Nora Fink' },
      },
      from: { address: '+12025550167', name: 'Nora Fink' },
      message: { id: 'cw:9001', text: 'Is the green one in stock?', attachments: [] },
    });
  });

  test('whose webhook was built later also gives the state of then', () => {
    const { events } = translate(message({}, conversation({ updated_at: SAVED_AT + 4 }, byMia)));
    expect(events.map(({ id, event }) => [id, event.timestamp])).toEqual([
      ['cw:message_created:815:9001:state', ASKED_AT],
      ['cw:message_created:815:9001', ASKED_AT],
      ['cw:message_created:815:9001:later', '2026-05-04T10:20:15.514Z'],
    ]);
  });

  const outgoing = (changes: object) => message({ message_type: 'outgoing', content: 'Yes.', ...changes });
  const mia = { id: 31, name: 'Mia Lang', email: 'mia@acme.example', type: 'user' };
  test.each([
    ['of an agent', outgoing({ sender: mia }), 'sent by agent-mia "Yes."'],
    ['of an agent, as a private note', outgoing({ sender: mia, private: true }), 'sent by agent-mia "Yes." privately'],
    ['of a bot', outgoing({ sender: BOT }), 'sent by assistant "Yes."'],
    ['of Captain', outgoing({ sender: { id: 1, type: 'captain_assistant' } }), 'sent by assistant "Yes."'],
    [
      'of an automation',
      outgoing({ sender: null, content_attributes: { automation_rule_id: 2 } }),
      'sent by automatic "Yes."',
    ],
    [
      'of an automation, in an agent’s name',
      outgoing({ sender: mia, content_attributes: { automation_rule_id: 2 } }),
      'sent by automatic "Yes."',
    ],
    [
      'of a campaign, in an agent’s name',
      outgoing({ sender: mia, additional_attributes: { campaign_id: 6 } }),
      'sent by automatic "Yes."',
    ],
    [
      'of the phone app',
      outgoing({ sender: null, content_attributes: { external_echo: true } }),
      'sent by person "Yes."',
    ],
    ['by nobody', outgoing({ sender: null }), 'sent by automatic "Yes."'],
    ['from a template', outgoing({ sender: null, message_type: 'template' }), 'sent by automatic "Yes."'],
  ])('%s', (_, payload, expected) => {
    expect(words(payload)).toEqual(['saved cw:815 open nobody cw:inbox:9 whatsapp', expected]);
  });

  test('of the phone app is by the agent who has the conversation', () => {
    const echo = { sender: null, message_type: 'outgoing', content_attributes: { external_echo: true } };
    expect(words(message(echo, conversation({}, byMia)))).toContain('sent by agent-mia "Is the green one in stock?"');
  });

  test('by an agent who is not known here is still a person’s', () => {
    expect(words(outgoing({ sender: { ...mia, id: 99 } }))).toEqual([
      'saved cw:815 open nobody cw:inbox:9 whatsapp',
      'sent by person "Yes."',
      'unknown agent 99',
    ]);
  });

  test('without text is its attachments, without their URLs', () => {
    const attachments = [
      { id: 5, file_type: 'image', data_url: 'https://desk.acme.example/signed/photo.jpeg', extension: 'jpeg' },
      'broken',
      { id: 6, file_type: 'file', fallback_title: 'offer.pdf', data_url: 'https://desk.acme.example/signed/2' },
    ];
    const translation = translate(message({ content: null, attachments }));
    expect(inWords(translation)).toContain('received cw:815 whatsapp "" +image +file:offer.pdf');
    expect(JSON.stringify(translation)).not.toContain('signed');
  });

  test('in Markdown is plain', () => {
    const content = 'See **this** [offer](https://acme.example/o?a=1), 2 \\* 3 and 2 * 3 * 4';
    expect(words(message({ content }))).toContain('received cw:815 whatsapp "See this offer, 2 * 3 and 2 * 3 * 4"');
  });

  test('that only says what happened is no message', () => {
    expect(words(message({ message_type: 'activity' }))).toEqual([
      'saved cw:815 open nobody cw:inbox:9 whatsapp',
      'ignored: message of type activity',
    ]);
  });
});

describe('a webhook of Chatwoot', () => {
  test.each(['conversation_created', 'conversation_updated', 'conversation_status_changed'])(
    '%s is one state',
    (event) => {
      const { events } = translate({ ...conversation(), event });
      expect(events.map(({ id, event: { timestamp } }) => [id, timestamp])).toEqual([
        [`cw:${event}:815:1777890011514`, '2026-05-04T10:20:11.514Z'],
      ]);
    },
  );

  test.each(['message_updated', 'conversation_typing_on', 'contact_updated', 'webwidget_triggered', 'inbox_updated'])(
    '%s is ignored',
    (event) => {
      expect(words({ ...message(), event })).toEqual([`ignored: ${event}`]);
    },
  );

  test.each([
    ['no JSON', '{"event":', 'not a webhook of Chatwoot'],
    ['no event', '[]', 'not a webhook of Chatwoot'],
    [
      'a conversation without id',
      JSON.stringify({ ...conversation({ id: null }), event: 'conversation_updated' }),
      'conversation without id',
    ],
    [
      'no inbox',
      JSON.stringify({ ...conversation({ inbox_id: {} }), event: 'conversation_updated' }),
      'conversation without inbox',
    ],
    [
      'an unknown status',
      JSON.stringify({ ...conversation({ status: 'lost' }), event: 'conversation_updated' }),
      'conversation without a known status',
    ],
    ['no conversation', JSON.stringify({ ...message(), conversation: 7 }), 'conversation without id'],
  ])('with %s is unusable, and says why without its content', (_, body, reason) => {
    expect(inWords(chatwoot.translate(request(body), context))).toEqual([`unusable: ${reason}`]);
  });

  test('with a message without id still gives its state', () => {
    expect(words(message({ id: null }))).toEqual([
      'saved cw:815 open nobody cw:inbox:9 whatsapp',
      'unusable: message without id',
    ]);
  });

  test('of an old Chatwoot has whole seconds', () => {
    const { events } = translate({ ...conversation({ updated_at: 1777890011 }), event: 'conversation_updated' });
    expect(events[0]?.event.timestamp).toBe('2026-05-04T10:20:11.000Z');
  });

  test('keeps no token of the payload', () => {
    expect(JSON.stringify(translate(message()))).not.toContain('lets-one-read-along');
  });
});

test('a chat opens at the account’s URL, which is recognised in all its forms', () => {
  const inbox = chatwoot.inbox?.(settings);
  expect(inbox?.conversationUrls[0]).toBe('https://desk.acme.example/app/accounts/3/conversations/{conversationId}');
  expect(inbox?.conversationUrls).toContain(
    'https://desk.acme.example/app/accounts/3/inbox/*/conversations/{conversationId}',
  );
});

test('a listed conversation is its last message and its state', async () => {
  const call = async () => ({ status: 200, body: { data: { meta: {}, payload: [listed({}, byMia)] } } });
  const found = [];
  for await (const translation of chatwoot.missed!(call, context, 0)) found.push(...inWords(translation));
  expect(found).toEqual([
    'received cw:815 whatsapp "Is the green one in stock?"',
    'saved cw:815 open agent-mia cw:inbox:9 whatsapp',
  ]);
});
