/** A Chatwoot in memory: its REST API as far as a source uses it, and webhooks built from what it holds. */
import type { Answer, CallRequest } from '../../src/sources/source.ts';
import { BOT, CUSTOMER, conversation, message, webhook } from './chatwoot-payloads.ts';

interface Agent {
  id: number;
  name: string;
  email: string;
  role: string;
}

export function openDesk(start: number) {
  const agents: Agent[] = [
    { id: 31, name: 'Mia Lang', email: 'mia@acme.example', role: 'administrator' },
    { id: 32, name: 'Tom Berg', email: 'tom@acme.example', role: 'agent' },
  ];
  const chat: { status: string; assignee: number | 'bot' | null; at: number; last: object | null } = {
    status: 'pending',
    assignee: null,
    at: start,
    last: null,
  };
  const webhooks: { id: number; url: string; secret: string }[] = [];
  let messages = 100;

  const meta = () => {
    if (chat.assignee === null) return { sender: CUSTOMER, assignee: null, assignee_type: null };
    if (chat.assignee === 'bot') return { sender: CUSTOMER, assignee: BOT, assignee_type: 'AgentBot' };
    return {
      sender: CUSTOMER,
      assignee: { ...agents.find(({ id }) => id === chat.assignee), type: 'user' },
      assignee_type: 'User',
    };
  };
  const now = () =>
    conversation(
      { status: chat.status, updated_at: chat.at / 1000, last_activity_at: Math.floor(chat.at / 1000) },
      meta(),
    );
  const later = (ms = 1000) => {
    chat.at += ms;
  };
  const listedNow = () => {
    const { messages: _, channel, ...rest } = now();
    return { ...rest, meta: { ...(rest.meta as object), channel }, last_non_activity_message: chat.last };
  };

  const answers: Record<string, (request: CallRequest) => unknown> = {
    'GET /api/v1/profile': () => ({ name: 'Mia Lang', accounts: [{ id: 3, role: 'administrator' }] }),
    'GET agents': () => agents,
    'GET inboxes': () => ({ payload: [{ id: 9, name: 'Shop number', channel_type: 'Channel::Whatsapp' }] }),
    'GET inbox_members/9': () => ({ payload: agents }),
    'GET webhooks': () => ({ payload: { webhooks } }),
    'POST webhooks': ({ json }) => {
      const { url } = (json as { webhook: { url: string } }).webhook;
      webhooks.push({ id: 61, url, secret: 'made-by-the-stand-in' });
      return { payload: { webhook: webhooks.at(-1) } };
    },
    'GET conversations': ({ query }) => {
      const isAsked = query?.status === 'all' || query?.status === chat.status;
      return { data: { meta: {}, payload: isAsked && chat.last !== null ? [listedNow()] : [] } };
    },
  };

  return {
    agents,
    webhooks,
    async call(request: CallRequest): Promise<Answer> {
      const answer = answers[`${request.method} ${request.path.replace('/api/v1/accounts/3/', '')}`];
      return answer ? { status: 200, body: answer(request) } : { status: 404, body: null };
    },
    /** The customer writes; returns the webhook. @param at the clock the signature is made by */
    writes(text: string, signedAt: number) {
      later();
      messages += 1;
      const created_at = new Date(chat.at).toISOString();
      chat.last = {
        id: messages,
        content: text,
        message_type: 0,
        created_at: chat.at / 1000,
        sender: CUSTOMER,
        sender_type: 'Contact',
      };
      return webhook(message({ id: messages, content: text, created_at }, now()), { at: signedAt });
    },
    /** Changes the conversation; returns the webhook, which may get lost. */
    becomes(change: Partial<Pick<typeof chat, 'status' | 'assignee'>>, signedAt: number) {
      later();
      Object.assign(chat, change);
      return webhook({ ...now(), event: 'conversation_updated', changed_attributes: null }, { at: signedAt });
    },
  };
}
