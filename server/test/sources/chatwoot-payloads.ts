/** Payloads with the structure that Chatwoot 4.11 to 4.17 sends, and values of our own. */
import { hmac, NOW, request } from './requests.ts';

type Json = Record<string, unknown>;

export const CUSTOMER = {
  additional_attributes: {},
  custom_attributes: {},
  email: null,
  id: 77,
  identifier: null,
  name: 'Nora Fink',
  phone_number: '+12025550167',
  thumbnail: '',
  blocked: false,
  type: 'contact',
};
export const BOT = { id: 4, name: 'Reception', avatar_url: '', type: 'agent_bot' };
export const MIA = {
  id: 31,
  name: 'Mia Lang',
  available_name: 'Mia',
  avatar_url: '',
  type: 'user',
  availability_status: 'online',
  thumbnail: '',
};

export const ASKED_AT = '2026-05-04T10:20:11.412Z';
/** A tenth of a second after `ASKED_AT`, as a conversation's `updated_at` has it. */
export const SAVED_AT = 1777890011.5147;

export function conversation(changes: Json = {}, meta: Json = {}): Json {
  return {
    additional_attributes: {},
    can_reply: true,
    channel: 'Channel::Whatsapp',
    contact_inbox: {
      id: 12,
      contact_id: 77,
      inbox_id: 9,
      source_id: '12025550167',
      created_at: '2026-05-04T10:20:10.100Z',
      updated_at: '2026-05-04T10:20:10.100Z',
      hmac_verified: false,
      pubsub_token: 'lets-one-read-along',
    },
    id: 815,
    inbox_id: 9,
    messages: [
      { id: 9001, content: 'the last message again', message_type: 0, created_at: 1777890011, private: false },
    ],
    labels: [],
    meta: { sender: CUSTOMER, assignee: null, assignee_type: null, team: null, hmac_verified: false, ...meta },
    status: 'open',
    custom_attributes: {},
    snoozed_until: null,
    unread_count: 1,
    first_reply_created_at: null,
    priority: null,
    waiting_since: 1777890010,
    agent_last_seen_at: 0,
    contact_last_seen_at: 0,
    last_activity_at: 1777890011,
    timestamp: 1777890011,
    created_at: 1777890010,
    updated_at: SAVED_AT,
    account: { id: 3, name: 'Acme Bikes' },
    ...changes,
  };
}

export function message(changes: Json = {}, of: Json = conversation()): Json {
  return {
    account: { id: 3, name: 'Acme Bikes' },
    additional_attributes: {},
    content_attributes: {},
    content_type: 'text',
    content: 'Is the green one in stock?',
    conversation: of,
    created_at: ASKED_AT,
    id: 9001,
    inbox: { id: 9, name: 'Shop number' },
    message_type: 'incoming',
    private: false,
    sender: { ...CUSTOMER, type: undefined, account: { id: 3, name: 'Acme Bikes' }, avatar: '' },
    source_id: null,
    event: 'message_created',
    ...changes,
  };
}

export const SECRET = 'made-by-the-stand-in';

/** The request with its signature. @param at epoch milliseconds */
export function webhook(payload: unknown, { at = NOW, secret = SECRET } = {}) {
  const body = JSON.stringify(payload);
  const timestamp = String(Math.floor(at / 1000));
  return request(body, {
    'content-type': 'application/json',
    'x-chatwoot-delivery': '0b4c4a38-1f0e-4a7e-9f53-2f6a3f8f6d10',
    'x-chatwoot-timestamp': timestamp,
    'x-chatwoot-signature': `sha256=${hmac('sha256', secret, `${timestamp}.${body}`, 'hex')}`,
  });
}

/** A conversation as `GET /conversations` lists it. */
export function listed(changes: Json = {}, meta: Json = {}): Json {
  const { contact_inbox: _, channel, messages: __, account: ___, ...rest } = conversation(changes, meta);
  return {
    ...rest,
    account_id: 3,
    meta: { channel, ...(rest.meta as Json) },
    last_non_activity_message: {
      id: 9001,
      content: 'Is the green one in stock?',
      account_id: 3,
      inbox_id: 9,
      conversation_id: 815,
      message_type: 0,
      created_at: 1777890011,
      private: false,
      content_attributes: {},
      sender_type: 'Contact',
      sender_id: 77,
      conversation: { contact_inbox: { source_id: '12025550167' } },
      sender: CUSTOMER,
    },
    ...changes,
  };
}
