/** A whole server on a port of its own, as the outside meets it, with a business to attack. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createLog } from '@converso/server/src/log.ts';
import { startServer } from '@converso/server/src/main.ts';
import { onTestFinished } from 'vitest';
import { type SeededBusiness, seedBusiness, type TempEnvironment, tempEnvironment } from '../../support/seed.ts';
import { createSender, type Sender } from '../../support/sender.ts';

export interface Target {
  origin: string;
  port: number;
  place: TempEnvironment;
  business: SeededBusiness;
  sender: Sender;
  /** A token of the business's first agent. */
  token: string;
  /** Lines that it logged as errors. */
  errors: string[];
}

/** Ends with the test. */
export async function openTarget(env: Record<string, string> = {}): Promise<Target> {
  const place = tempEnvironment();
  const business = await seedBusiness(place, { id: 'acme', agents: 2, groupSize: 2, devices: 2 });
  const errors: string[] = [];
  const log = createLog('error', { write: (line) => void errors.push(line) });
  const server = await startServer({ ...place.env, ...env }, log);
  const { port } = server.config;
  const origin = `http://127.0.0.1:${port}`;
  const sender = createSender(() => origin, business);
  onTestFinished(async () => {
    sender.close();
    await server.close();
    place.remove();
  });
  return { origin, port, place, business, sender, token: business.agents[0]!.tokens[0]!, errors };
}

/**
 * Writes bytes to the server as no well-behaved client would, and returns what it answered until it or we closed
 * the connection.
 * @param ms how long to wait for the answer to end
 */
export async function raw(
  port: number,
  bytes: string,
  ms = 2000,
): Promise<{ text: string; status: number; closed: boolean }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let closed = false;
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  socket.on('error', () => {});
  const gone = once(socket, 'close').then(() => {
    closed = true;
  });
  socket.write(bytes, 'latin1');
  const wait = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    void gone.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  await wait;
  socket.destroy();
  return { text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), closed };
}
