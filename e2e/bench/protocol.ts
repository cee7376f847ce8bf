/** How each of the two servers is spoken to, as bytes: all else of the load client is the same for both. */
import { randomUUID } from 'node:crypto';
import { sign } from '@converso/server/src/services/signature.ts';
import { marker } from './markers.ts';
import type { Publication } from './sockets.ts';

/** Our server: signed events, and a token for each agent. */
export interface Ours {
  kind: 'ours';
  port: number;
  businessId: string;
  secret: string;
  /** By the agent's number. */
  tokens: string[];
}

export type Publishing = 'together' | 'each';

/** nginx with nchan: a channel for each agent, or one for the whole team. */
export interface Nchan {
  kind: 'nchan';
  port: number;
  publishPort: number;
  /** An event for a team is one `POST` that names all its channels, or a `POST` for each of them. */
  publishing: Publishing;
}

export type Target = Ours | Nchan;

/** Teams of equal size: agent `n` stands in team `n / size`. */
export interface Teams {
  size: number;
  /** The id of our group of the n-th team is this and `n`. */
  groupPrefix: string;
  /** On nchan: all of a team read one channel, instead of each agent a channel of their own. */
  sharedChannel?: boolean;
}

export interface Protocol {
  subscribePort: number;
  publishPort: number;
  /** The request of an agent's stream, which resumes after `cursor` if there is one. */
  subscribe(agent: number, cursor: string | null): Buffer;
  /** What stands in the bytes of a stream that is open, and has had what it missed. */
  ready: string;
  /** The cursor after an event, in its first group. */
  cursor: RegExp;
  /** One event with that number to a team, in a conversation of that name. Ours is signed now, so it is good for minutes only. */
  event(n: number, team: number, conversation: string): Publication;
}

const PADDING = 'Is the flat free in the first week of May, and may we bring our dog? ';

/** One customer's message, about 400 bytes. */
const messageBody = (n: number, conversation: { id: string; groupId: string }): string =>
  JSON.stringify({
    type: 'message.received',
    timestamp: new Date().toISOString(),
    data: {
      conversation: { ...conversation, channel: 'whatsapp' },
      from: { address: `+34${conversation.id.replace(/\D/g, '').padStart(9, '6')}`, name: 'Ana Pérez' },
      message: { id: randomUUID(), text: marker(n) + PADDING },
    },
  });

const post = (path: string, body: string, headers: Record<string, string> = {}): string =>
  `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
  `${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;

const get = (path: string, headers: Record<string, string>): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );

const after = (cursor: string | null): Record<string, string> => (cursor === null ? {} : { 'last-event-id': cursor });

export function protocolOf(target: Target, teams: Teams): Protocol {
  return target.kind === 'ours' ? ours(target, teams) : nchan(target, teams);
}

const ours = ({ port, businessId, secret, tokens }: Ours, { groupPrefix }: Teams): Protocol => ({
  subscribePort: port,
  publishPort: port,
  ready: 'event: caught_up',
  cursor: /\nid: (\d+)\n/g,
  subscribe: (agent, cursor) => get('/v1/stream', { authorization: `Bearer ${tokens[agent]}`, ...after(cursor) }),
  event(n, team, conversation) {
    const body = messageBody(n, { id: conversation, groupId: `${groupPrefix}${team}` });
    const signed = sign(secret, randomUUID(), new Date(), body);
    return { bytes: Buffer.from(post(`/v1/businesses/${businessId}/events`, body, { ...signed })), answers: 1 };
  },
});

/**
 * Naming all channels in one `POST` takes nchan about a quarter less processor time than a `POST` for each, and the load
 * client far less, which would else be the limit. A `POST` for each goes out in one write with the others: nginx takes
 * them one after the other without waiting for the next.
 */
const nchan = ({ port, publishPort, publishing }: Nchan, { size, groupPrefix, sharedChannel }: Teams): Protocol => {
  const channelsOf = (team: number): string[] => {
    if (sharedChannel) return [`t${team}`];
    const all = Array.from({ length: size }, (_, slot) => `a${team * size + slot}`);
    return publishing === 'each' ? all : [all.join(',')];
  };
  return {
    subscribePort: port,
    publishPort,
    ready: ': hi',
    cursor: /\nid: ([\d:]+)\n/g,
    subscribe: (agent, cursor) =>
      get(sharedChannel ? `/sse/t${Math.floor(agent / size)}` : `/sse/a${agent}`, after(cursor)),
    event(n, team, conversation) {
      const body = messageBody(n, { id: conversation, groupId: `${groupPrefix}${team}` });
      const channels = channelsOf(team);
      return {
        bytes: Buffer.from(channels.map((channel) => post(`/pub/${channel}`, body)).join('')),
        answers: channels.length,
      };
    },
  };
};
