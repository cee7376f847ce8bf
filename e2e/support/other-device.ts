import { type Notification, StreamEvents, TokenResponse } from '@converso/shared';
import { createParser } from 'eventsource-parser';
import { readCode } from './mailbox.ts';
import type { Server } from './server.ts';
import { PATIENCE_MS, waitFor } from './wait-for.ts';

/** What another device of the agent, a phone say, shows. */
export interface OtherDevice {
  token: string;
  unread: number;
  /** The agent's notifications by id, as far as the stream told of them. */
  bell: Map<string, Notification>;
  messageNotifications: boolean | undefined;
  /** The latest notification about that conversation. */
  about(conversationId: string): Notification | undefined;
  /** Resolves when what it shows meets `condition`. */
  shows(what: string, condition: (device: OtherDevice) => boolean, timeoutMs?: number): Promise<void>;
  close(): void;
}

/** Signs in over HTTP with the code from the agent's mailbox. */
export async function signIn(server: Server, email: string, device = 'Other device'): Promise<string> {
  const post = (path: string, body: unknown) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const since = Date.now();
  const asked = await post('/v1/auth/code', { email });
  if (asked.status !== 202) throw new Error(`asking for a code was answered ${asked.status}`);
  const code = await readCode(server, email, since);
  const answer = await post('/v1/auth/token', { email, code, device });
  if (!answer.ok) throw new Error(`signing in was answered ${answer.status}: ${await answer.text()}`);
  return TokenResponse.parse(await answer.json()).token;
}

/** Signs in and follows the stream, upserting as the contract says. */
export async function connectDevice(server: Server, email: string): Promise<OtherDevice> {
  const token = await signIn(server, email);
  const line = new AbortController();
  const answer = await fetch(`${server.url}/v1/stream`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal: line.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`the stream was answered ${answer.status}`);
  const device: OtherDevice = {
    token,
    unread: 0,
    bell: new Map(),
    messageNotifications: undefined,
    about: (conversationId) =>
      [...device.bell.values()]
        .filter(({ conversation }) => conversation.id === conversationId)
        .sort((a, b) => b.seq - a.seq)[0],
    async shows(what, condition, timeoutMs = PATIENCE_MS) {
      await waitFor(`the other device shows ${what}`, () => condition(device), timeoutMs);
    },
    close: () => line.abort(),
  };
  void follow(answer.body, device);
  await device.shows('what it missed', ({ messageNotifications }) => messageNotifications !== undefined);
  return device;
}

async function follow(body: AsyncIterable<Uint8Array>, device: OtherDevice): Promise<void> {
  const parser = createParser({
    onEvent: ({ event, data }) => take(event, JSON.parse(data), device),
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  } catch (error) {
    // Closing the device, or killing the server, ends the stream in the middle: the test asked for it.
    if ((error as Error).name !== 'AbortError' && !(error instanceof TypeError)) throw error;
  }
}

function take(event: string | undefined, content: unknown, device: OtherDevice): void {
  if (event === 'snapshot') {
    const { me, unread, items } = StreamEvents.snapshot.parse(content);
    device.bell = new Map(items.map((item) => [item.id, item]));
    device.unread = unread;
    device.messageNotifications = me.preferences.messageNotifications;
  } else if (event === 'caught_up') {
    device.unread = StreamEvents.caught_up.parse(content).unread;
  } else if (event === 'preferences') {
    device.messageNotifications = StreamEvents.preferences.parse(content).messageNotifications;
  } else if (event === 'notification') {
    const { unread, ...notification } = StreamEvents.notification.parse(content);
    device.bell.set(notification.id, notification);
    device.unread = unread;
  }
}
