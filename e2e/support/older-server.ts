import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Me, Notification } from '@converso/shared';

/** A server of an earlier version: it streams what a test says, and cleans nothing. */
export interface OlderServer {
  /** Origin, without a trailing slash. */
  url: string;
  /** Sends a notification to every stream; a stream that opens later gets it as a replay. */
  notify(notification: Notification): void;
  close(): Promise<void>;
}

/** Starts it on this machine. Whoever asks is signed in as this agent. */
export async function startOlderServer(agent: Me['agent']): Promise<OlderServer> {
  const streams = new Set<ServerResponse>();
  const sent: Notification[] = [];
  let url = '';

  const me = (): Omit<Me, 'inboxes'> => ({
    agent,
    business: { id: 'b1', name: 'The Shop', timeZone: 'Europe/Madrid' },
    groups: [{ id: 'sales', name: 'Sales' }],
    preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
    inbox: { url: `${url}/inbox`, conversationUrl: `${url}/inbox/{conversationId}`, canTake: true },
  });
  const frame = (type: string, id: number, data: object) =>
    `event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
  const lastSeq = () => sent.at(-1)?.seq ?? 1;

  const server = createServer((request, response) => {
    if (request.url === '/v1/stream') {
      const cursor = Number(request.headers['last-event-id'] ?? 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (cursor === 0) response.write(frame('snapshot', 1, { me: me(), unread: 0, items: [] }));
      const missed = sent.filter(({ seq }) => seq > cursor);
      for (const item of missed) response.write(frame('notification', item.seq, { ...item, unread: sent.length }));
      response.write(frame('caught_up', lastSeq(), { unread: sent.length }));
      streams.add(response);
      response.once('close', () => streams.delete(response));
      return;
    }
    const body = request.url === '/v1/me' ? me() : { unread: 0 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `localhost`, because that is the host which the extension's build grants.
  url = `http://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    notify(notification) {
      sent.push(notification);
      for (const stream of streams) {
        stream.write(frame('notification', notification.seq, { ...notification, unread: sent.length }));
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
