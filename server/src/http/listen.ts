/** The listening socket: its limits, and what keeps a port from being used. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';

/**
 * Connections that may wait to be accepted. After a restart all devices reconnect at once; a connection that the
 * backlog refuses is retried one to three seconds later. The system may allow fewer (net.core.somaxconn on Linux).
 */
const BACKLOG = 16_384;

/**
 * Milliseconds. A client that sends headers or a body byte by byte only holds a connection, so it is cut off. Node.js
 * checks these limits every 30 s by default, which is too rarely. The keep-alive time is longer than the minute for
 * which proxies usually keep an idle connection.
 */
const SERVER_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
};

/** Why the server could not start; the message is one line for the operator. */
export class StartError extends Error {
  override name = 'StartError';
}

/** A server that cuts off slow clients; it has no request listener yet. */
export const createHttpServer = (): Server => createServer(SERVER_TIMEOUTS);

/**
 * @returns the port, which the system chooses for port 0
 * @throws StartError
 */
export async function listen(server: Server, { port, host }: Pick<Config, 'port' | 'host'>): Promise<number> {
  server.listen({ port, host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} on ${host} is in use. Stop what uses it, or set PORT.`);
    if (code === 'EACCES') throw new StartError(`This user may not listen on port ${port}; set PORT to another one.`);
    throw new StartError(`Cannot listen on ${host}:${port} (${code}); check HOST and PORT.`);
  }
  return (server.address() as AddressInfo).port;
}

/** Resolves when each connection has had the answer to its last request. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that is kept alive for further requests would keep the server open after its last answer.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearInterval(sweep);
}
