/** The edge of the page, faked: `fetch` and `EventSource`. What the page makes of their answers is real. */
import type { ConversationDetail, ConversationSummary, ConversationsPage, Me, Notification } from '@converso/shared';
import { vi } from 'vitest';

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

export class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeStream[] = [];
  readonly url: string;
  readyState = 1;
  onerror: (() => void) | null = null;

  constructor(url: string) {
    super();
    this.url = url;
    FakeStream.opened.push(this);
  }

  close(): void {
    this.readyState = 2;
  }

  send(type: string, data: unknown, lastEventId = ''): void {
    if (this.readyState === 2) return;
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  /** The server answered with an HTTP error: EventSource gives up. */
  giveUp(): void {
    this.readyState = 2;
    this.onerror?.();
  }

  /** The line broke: EventSource tries again by itself. */
  stumble(): void {
    this.readyState = 0;
    this.onerror?.();
  }
}

export const ME: Me = {
  agent: { id: 'ana', name: 'Ana Alvarez', email: 'ana@example.com', role: 'agent' },
  business: { id: 'b1', name: 'Harbour Bikes', timeZone: 'Europe/Berlin' },
  groups: [{ id: 'g1', name: 'Rentals' }],
  preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
  inbox: { url: 'http://x/inbox', conversationUrl: 'http://x/inbox/{conversationId}', canTake: true },
  inboxes: [],
};

export const conversation = (id: string, more: Partial<ConversationDetail> = {}): ConversationDetail => ({
  id,
  channel: 'whatsapp',
  group: { id: 'g1', name: 'Rentals' },
  source: null,
  ref: null,
  status: 'open',
  assignee: null,
  customer: { kind: 'contact', name: `Customer ${id}`, address: '+491234' },
  handedOver: false,
  waitingSince: null,
  lastMessage: { text: `Hello from ${id}`, sentAt: '2026-11-23T08:00:00.000Z', from: 'customer' },
  updatedAt: '2026-11-23T08:00:00.000Z',
  entries: [
    {
      id: 'm1',
      at: '2026-11-23T08:00:00.000Z',
      type: 'received',
      by: { kind: 'customer', name: null },
      text: `Hello from ${id}`,
      attachments: [],
      assignee: null,
    },
  ],
  team: [
    { id: 'ana', name: 'Ana Alvarez' },
    { id: 'ben', name: 'Ben Brook' },
  ],
  ...more,
});

export const notification = (id: string, conversationId: string, seq: number): Notification => ({
  id,
  seq,
  reason: 'inbound',
  state: 'open',
  settledBy: null,
  alert: true,
  alertedSeq: seq,
  why: 'team_unassigned',
  conversation: {
    id: conversationId,
    channel: 'whatsapp',
    group: { id: 'g1', name: 'Rentals' },
    source: null,
    ref: null,
  },
  customer: { kind: 'contact', name: `Customer ${conversationId}`, address: null },
  message: { text: 'Hello', sentAt: '2026-11-23T08:00:00.000Z' },
  messageCount: 1,
  waitingSince: null,
  createdAt: '2026-11-23T08:00:00.000Z',
  updatedAt: '2026-11-23T08:00:00.000Z',
});

/** Everyone is in the team's view unless the test says otherwise. */
export class FakeServer {
  signedIn = true;
  online = true;
  canReply = true;
  me = ME;
  conversations: ConversationDetail[] = [];
  asked: Asked[] = [];
  /** Answers that win over the usual ones, by "METHOD /path". */
  answers = new Map<string, Answer>();

  install(): void {
    FakeStream.opened = [];
    vi.stubGlobal('EventSource', FakeStream);
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => this.#answer(url, init));
  }

  #held: string | null = null;
  #release: () => void = () => {};
  #released: Promise<void> = Promise.resolve();

  /** Lets the next requests of that kind wait for `release`. */
  hold(asked: string): void {
    this.#held = asked;
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#held = null;
    this.#release();
  }

  get stream(): FakeStream {
    const stream = FakeStream.opened.at(-1);
    if (!stream) throw new Error('No stream was opened.');
    return stream;
  }

  /** What the server sends first on every stream without a cursor. */
  snapshot(items: Notification[] = []): void {
    const unread = items.filter(({ state }) => state === 'open').length;
    const cursor = String(Math.max(0, ...items.map(({ seq }) => seq)));
    this.stream.send('snapshot', { me: this.me, unread, items }, cursor);
    this.stream.send('caught_up', { unread }, cursor);
  }

  times(method: string, path: string): number {
    return this.asked.filter((asked) => asked.method === method && asked.path === path).length;
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    const method = init.method ?? 'GET';
    const path = url.replace(/^\/v1/, '');
    if (!this.online) throw new TypeError('Failed to fetch');
    this.asked.push({ method, path, body: init.body ? JSON.parse(String(init.body)) : undefined });
    if (this.#held === `${method} ${path}`) await this.#released;
    const { status, body, headers } = this.answers.get(`${method} ${path}`) ?? this.#usual(method, path);
    if (body === undefined) return new Response(null, { status, ...(headers ? { headers } : {}) });
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } });
  }

  #usual(method: string, path: string): Answer {
    if (path === '/auth/code') return { status: 202, body: { challenge: 'c1' } };
    if (path === '/auth/session') {
      this.signedIn = true;
      return { status: 200, body: { agent: this.me.agent } };
    }
    if (!this.signedIn) return { status: 401, body: { title: 'Sign in.', status: 401 } };
    if (path === '/me') return { status: 200, body: this.me };
    if (path.startsWith('/conversations?view=')) return { status: 200, body: this.#page(path.split('=')[1]!) };
    const one = this.conversations.find(({ id }) => path === `/conversations/${encodeURIComponent(id)}`);
    if (method === 'GET' && one) return { status: 200, body: one };
    if (path.endsWith('/read')) return { status: 200, body: { unread: 0 } };
    if (method === 'POST' && path.startsWith('/conversations/')) return { status: 204 };
    return { status: 404, body: { title: 'Not found', status: 404 } };
  }

  #page(view: string): ConversationsPage {
    const viewOf = ({ status, assignee }: ConversationSummary) => {
      if (status === 'closed') return 'closed';
      if (assignee === null) return 'team';
      if (assignee.kind === 'assistant') return 'assistant';
      return assignee.id === this.me.agent.id ? 'mine' : 'other';
    };
    const count = (wanted: string) => this.conversations.filter((one) => viewOf(one) === wanted).length;
    return {
      items: this.conversations.filter((one) => viewOf(one) === view),
      counts: { mine: count('mine'), team: count('team'), assistant: count('assistant'), closed: count('closed') },
      canReply: this.canReply,
    };
  }
}
