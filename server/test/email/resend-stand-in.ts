/**
 * Behaves as Resend does at its border, and remembers what it delivered: an idempotency key is taken once, a repeat
 * gets the first answer, another body under it is refused; permissive batches report bad addresses by index.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface DeliveredEmail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

export interface ReceivedRequest {
  at: number;
  key: string;
  headers: IncomingHttpHeaders;
  emails: DeliveredEmail[];
}

/** What happens to the next request instead of a plain answer. */
export type Trouble =
  | { refuse: number; name: string; message?: string; retryAfter?: number }
  /** Takes it, and the answer never arrives. */
  | 'take and cut'
  | 'take and hang'
  /** Neither takes nor answers it. */
  | 'hang';

interface Answer {
  status: number;
  body: unknown;
  retryAfter?: number;
}

const failure = (statusCode: number, name: string, message = `${name}, they say`): Answer => ({
  status: statusCode,
  body: { statusCode, name, message },
});

export type ResendStandIn = Awaited<ReturnType<typeof startResend>>;

/** @param perSecond requests it takes within a second, if it counts them */
export async function startResend({ perSecond = Number.POSITIVE_INFINITY } = {}) {
  const received: ReceivedRequest[] = [];
  const delivered: DeliveredEmail[] = [];
  const troubles: Trouble[] = [];
  const taken = new Map<string, { body: string; answer: Answer }>();
  /** Called when a request has been read, before it is taken or answered. */
  let onRequest: (request: ReceivedRequest) => void | Promise<void> = () => undefined;
  /** Called when a request was taken, before the answer. */
  let onTaken: (request: ReceivedRequest) => void | Promise<void> = () => undefined;

  function take(key: string, body: string, emails: DeliveredEmail[]): Answer {
    const known = taken.get(key);
    if (known) return known.body === body ? known.answer : failure(409, 'invalid_idempotent_request');
    const errors = emails.flatMap(({ to }, index) =>
      /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(to) ? [] : [{ index, message: `Invalid \`to\` field: ${to}` }],
    );
    const good = emails.filter((_, index) => !errors.some((error) => error.index === index));
    delivered.push(...good);
    const answer = { status: 200, body: { data: good.map((_, index) => ({ id: `${key}-${index}` })), errors } };
    taken.set(key, { body, answer });
    return answer;
  }

  const reply = (response: ServerResponse, { status, body, retryAfter }: Answer): void => {
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      })
      .end(JSON.stringify(body));
  };

  const server = createServer(async (incoming, response) => {
    const body = await text(incoming).catch(() => null);
    if (body === null) return;
    const request = {
      at: Date.now(),
      key: String(incoming.headers['idempotency-key']),
      headers: incoming.headers,
      emails: JSON.parse(body) as DeliveredEmail[],
    };
    received.push(request);
    await onRequest(request);
    const lately = received.filter(({ at }) => at > request.at - 1000).length;
    if (lately > perSecond) return reply(response, { ...failure(429, 'rate_limit_exceeded'), retryAfter: 1 });
    const trouble = troubles.shift();
    if (typeof trouble === 'object') {
      const { refuse, name, message, retryAfter } = trouble;
      const refusal = failure(refuse, name, message);
      return reply(response, retryAfter === undefined ? refusal : { ...refusal, retryAfter });
    }
    if (trouble === 'hang') return;
    const answer = take(request.key, body, request.emails);
    await onTaken(request);
    if (trouble === 'take and cut') response.destroy();
    else if (trouble !== 'take and hang') reply(response, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    delivered,
    /** The next requests meet these, one each. */
    meet: (...more: Trouble[]) => void troubles.push(...more),
    /** Forgets troubles to come. */
    recover: () => void troubles.splice(0),
    onRequest(listener: typeof onRequest) {
      onRequest = listener;
    },
    onTaken(listener: typeof onTaken) {
      onTaken = listener;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
