import { type Notification, TokenResponse } from '@converso/shared';
import { createDevice, type Device } from './device.ts';
import { readCode } from './mailbox.ts';
import type { Server } from './server.ts';
import { PATIENCE_MS } from './wait-for.ts';

/** Signs in over HTTP with the code from the agent's mailbox. Returns the token. */
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

/** Another device of the agent, a phone say: signed in and caught up. */
export async function connectDevice(server: Server, email: string): Promise<Device> {
  const device = createDevice({ origin: () => server.url, token: await signIn(server, email) });
  device.connect();
  await device.until(({ live }) => live, 'its snapshot', PATIENCE_MS);
  return device;
}

/** The latest notification about that conversation on a device. */
export const about = ({ bell }: Device, conversationId: string): Notification | undefined =>
  [...bell.values()]
    .filter(({ conversation }) => conversation.id === conversationId)
    .toSorted((a, b) => b.seq - a.seq)[0];
