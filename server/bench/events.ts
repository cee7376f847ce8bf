/** Signed requests, made before the clock starts, so that what is measured is the server and not their making. */
import { randomUUID } from 'node:crypto';
import { sign } from '../src/services/signature.ts';

export interface Target {
  businessId: string;
  secret: string;
}

/** What marks the n-th event's text, so that a stream's bytes can be searched for it without being parsed. */
export const MARK = /#(\d+)#/g;
const PADDING = 'Is the flat free in the first week of May, and may we bring our dog? '.repeat(2);

/** The bytes of a whole `POST` of one customer's message, about 400 bytes of JSON as customers' messages are. */
export function messageRequest(target: Target, n: number, conversation: { id: string; groupId: string }): Buffer {
  const body = JSON.stringify({
    type: 'message.received',
    timestamp: new Date().toISOString(),
    data: {
      conversation: { ...conversation, channel: 'whatsapp' },
      from: { address: `+34${conversation.id.replace(/\D/g, '').padStart(9, '6')}`, name: 'Ana Pérez' },
      message: { id: randomUUID(), text: `#${n}# ${PADDING}` },
    },
  });
  const id = randomUUID();
  const signed = Object.entries(sign(target.secret, id, new Date(), body)).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.from(
    `POST /v1/businesses/${target.businessId}/events HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n${signed.join('')}\r\n${body}`,
  );
}
