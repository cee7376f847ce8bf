/** Requests as the foreign systems send them, for the tests of sources. Names and numbers are made up. */
import { createHmac } from 'node:crypto';
import type { Context, Incoming, Translation } from '../../src/sources/source.ts';

export const URL_OF_SOURCE = 'https://alerts.acme.example/v1/sources/src_0123';
export const NOW = Date.parse('2026-05-04T10:30:00Z');

export const request = (
  body: Buffer | string,
  headers: Record<string, string> = {},
  url = URL_OF_SOURCE,
): Incoming => ({
  method: 'POST',
  url,
  headers: new Headers(headers),
  body: Buffer.from(body),
});

export const hmac = (algorithm: 'sha1' | 'sha256', secret: string, text: string | Buffer, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, secret).update(text).digest(encoding);

export const contextOf = <Settings>(sourceId: string, settings: Settings): Context<Settings> => ({
  sourceId,
  settings,
  receivedAt: NOW,
  agents: new Map([
    ['31', 'agent-mia'],
    ['32', 'agent-tom'],
  ]),
  groups: new Set([`${sourceId}:inbox:9`, `${sourceId}:team:5`, 'shop']),
});

/** A translation in a few words a line, for tables. */
export function inWords({ events, aliases, failedReplies, skipped, unknown }: Translation): string[] {
  return [
    ...events.map(({ event, onlyIf }) => {
      const condition = onlyIf === undefined ? '' : `if the ${onlyIf} has it: `;
      switch (event.type) {
        case 'conversation.saved': {
          const { conversation, status, assignee } = event.data;
          const who = assignee === null ? 'nobody' : 'agentId' in assignee ? assignee.agentId : 'assistant';
          return `${condition}saved ${conversation.id} ${status} ${who} ${conversation.groupId} ${conversation.channel}`;
        }
        case 'message.received': {
          const { conversation, message } = event.data;
          const attached = (message.attachments ?? [])
            .map(({ type, name }) => ` +${type}${name ? `:${name}` : ''}`)
            .join('');
          return `${condition}received ${conversation.id} ${conversation.channel} "${message.text}"${attached}`;
        }
        case 'message.sent': {
          const { by, message } = event.data;
          const who = 'agentId' in by ? by.agentId : Object.keys(by)[0];
          return `${condition}sent by ${who} "${message.text}"${message.private ? ' privately' : ''}`;
        }
        case 'conversation.handed_over':
          return `${condition}handed over ${event.data.conversation.id} (${event.data.reason ?? ''})`;
        default:
          return `${condition}${event.type}`;
      }
    }),
    ...aliases.map((identifiers) => `same person ${identifiers.join(' ')}`),
    ...failedReplies.map(({ messageId, reason }) => `failed ${messageId} ${reason}`),
    ...skipped.map(({ kind, reason }) => `${kind}: ${reason}`),
    ...unknown.map(({ kind, id }) => `unknown ${kind} ${id}`),
  ];
}
