import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A proxy as some companies have it: it passes answers on, but of a stream only the head. The body is held back until
 * `release`, and from then on passed as it comes.
 */
export const startHoldingProxy = async (target: string) => {
  const held: (() => void)[] = [];
  let holds = true;
  let streams = 0;

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const upstream = request(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers });
    upstream.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      const isStream = incoming.url === '/v1/stream';
      if (isStream) streams++;
      if (isStream && holds) held.push(() => answer.pipe(outgoing));
      else answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  };

  const proxy = createServer(pass);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    /** How many streams it has passed the head of. */
    streams: () => streams,
    release: () => {
      holds = false;
      for (const flow of held.splice(0)) flow();
    },
  };
};
