import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openDesk } from '@converso/server/test/sources/chatwoot-stand-in.ts';

type Desk = ReturnType<typeof openDesk>;
type Change = Parameters<Desk['becomes']>[0];

/** A Chatwoot at an address of its own: its API, its webhooks, and a small page at each address of its dashboard. */
export interface Chatwoot {
  /** Origin, at the host that the extension's build grants. */
  url: string;
  /** The address of a page of its account. */
  at(path: string): string;
  agents: Desk['agents'];
  /** The customer writes. Resolves when the webhook was taken. */
  writes(words: string): Promise<void>;
  /** Somebody changes the conversation. Resolves when the webhook was taken. */
  becomes(change: Change): Promise<void>;
  /** Somebody changes the conversation, and the webhook is lost. */
  becomesUnheard(change: Change): void;
  close(): Promise<void>;
}

/** The id of the stand-in's one conversation, and of the account that it is in. */
export const CHATWOOT_CHAT = '815';
const ACCOUNT = '3';

/** @param token the administrator's access token */
export async function startChatwoot(token: string): Promise<Chatwoot> {
  const desk = openDesk(Date.now() - 60_000);
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (path.startsWith('/app/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Chatwoot</title>Chatwoot');
      return;
    }
    const body = await text(request);
    const answer =
      request.headers.api_access_token === token
        ? await desk.call({
            method: request.method as 'GET',
            path,
            query: Object.fromEntries(searchParams),
            json: body === '' ? undefined : JSON.parse(body),
          })
        : { status: 401, body: { error: 'Invalid Access Token' } };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  async function send({ method, headers, body }: ReturnType<Desk['writes']>): Promise<void> {
    const webhook = desk.webhooks.at(-1);
    if (webhook === undefined) throw new Error('no webhook was made');
    const answer = await fetch(webhook.url, { method, headers, body: body.toString() });
    if (answer.status !== 200) throw new Error(`a webhook was answered ${answer.status}: ${await answer.text()}`);
  }

  return {
    url,
    at: (path) => `${url}/app/accounts/${ACCOUNT}${path}`,
    agents: desk.agents,
    writes: (words) => send(desk.writes(words, Date.now())),
    becomes: (change) => send(desk.becomes(change, Date.now())),
    becomesUnheard: (change) => void desk.becomes(change, Date.now()),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
