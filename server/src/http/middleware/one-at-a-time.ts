/**
 * Node.js hands over all requests that a connection has sent ahead (HTTP pipelining) in one turn of the event loop, so
 * that a few kilobytes would keep everybody else waiting for seconds. Here a connection has one request under way, the
 * next begins in a later turn, and who sends too many ahead loses the connection. No browser and no usual proxy sends
 * requests ahead.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** Requests that may wait behind the one under way. */
const MOST_WAITING = 32;

interface Requests {
  /** Null while none is under way. */
  underWay: ServerResponse | null;
  waiting: (readonly [IncomingMessage, ServerResponse])[];
  /** Nothing may follow the one under way. */
  last: boolean;
}

const connections = new WeakMap<Socket, Requests>();

function cut(socket: Socket, requests: Requests): void {
  requests.waiting = [];
  socket.destroy();
}

/**
 * Says that the request under way is the last of its connection, as an event stream is: one that was sent behind it, or
 * will be, is not carried out, and ends the connection, so that its sender does not wait for an answer.
 */
export function endsConnection(socket: Socket): void {
  const requests = connections.get(socket);
  if (requests === undefined) return;
  requests.last = true;
  if (requests.waiting.length > 0) cut(socket, requests);
}

/** What to do with a request of Node.js's server: what `fetch` answers, one request of a connection at a time. */
export function requestListener(
  fetch: Parameters<typeof getRequestListener>[0],
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = getRequestListener(fetch);

  function begin(requests: Requests, incoming: IncomingMessage, outgoing: ServerResponse): void {
    requests.underWay = outgoing;
    outgoing.once('close', () => {
      requests.underWay = null;
      if (requests.waiting.length > 0) setImmediate(next, requests);
    });
    void answer(incoming, outgoing);
  }

  function next(requests: Requests): void {
    if (requests.underWay !== null) return;
    const [incoming, outgoing] = requests.waiting.shift() ?? [];
    if (incoming && outgoing && !incoming.socket.destroyed) begin(requests, incoming, outgoing);
  }

  return (incoming, outgoing) => {
    const { socket } = incoming;
    // What a connection that is over has sent before is still handed over.
    if (socket.destroyed) return;
    let requests = connections.get(socket);
    if (requests === undefined) {
      requests = { underWay: null, waiting: [], last: false };
      connections.set(socket, requests);
    }
    if (requests.underWay === null && requests.waiting.length === 0) begin(requests, incoming, outgoing);
    else if (requests.last || requests.waiting.length >= MOST_WAITING) cut(socket, requests);
    else requests.waiting.push([incoming, outgoing]);
  };
}
