/**
 * The system that sends events: signs each, and sends it again under the same id until it is taken, as Standard
 * Webhooks asks for. Counts what was answered what.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '@converso/server/src/services/signature.ts';
import type { IngestEvent } from '@converso/shared';

export interface Answer {
  status: number;
  retryAfter: string | null;
  body: { duplicate?: boolean };
}

export interface Sender {
  /** Ids of events that were answered 202. */
  readonly acknowledged: ReadonlySet<string>;
  /** How often each status was answered; `none` where the line broke. */
  readonly answers: Readonly<Record<string, number>>;
  /** One try. Rejects if the line breaks. */
  post(event: IngestEvent, id?: string): Promise<Answer>;
  /** Tries until it is taken, for at most `ms`. Returns false if it was not. */
  deliver(event: IngestEvent, id?: string, ms?: number): Promise<boolean>;
  close(): void;
}

const RETRY_MS = 100;

export function createSender(origin: () => string, business: { id: string; secret: string }): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const acknowledged = new Set<string>();
  const answers: Record<string, number> = {};
  const count = (what: string): void => {
    answers[what] = (answers[what] ?? 0) + 1;
  };

  const post = (event: IngestEvent, id: string = randomUUID()): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(event);
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...sign(business.secret, id, new Date(), body),
      };
      const asked = request(`${origin()}/v1/businesses/${business.id}/events`, { method: 'POST', agent, headers });
      const broken = (error: Error): void => {
        count('none');
        reject(error);
      };
      asked.once('error', broken);
      asked.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('error', broken);
        response.once('end', () => {
          const status = response.statusCode ?? 0;
          count(String(status));
          if (status === 202) acknowledged.add(id);
          resolve({ status, retryAfter: response.headers['retry-after'] ?? null, body: JSON.parse(text || '{}') });
        });
      });
      asked.end(body);
    });

  return {
    acknowledged,
    answers,
    post,
    async deliver(event, id = randomUUID(), ms = 60_000): Promise<boolean> {
      const until = Date.now() + ms;
      while (Date.now() < until) {
        const status = await post(event, id).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 202) return true;
        if (status >= 400 && status < 500 && status !== 429) throw new Error(`${event.type} was answered ${status}`);
        await delay(RETRY_MS);
      }
      return false;
    },
    close: () => agent.destroy(),
  };
}
