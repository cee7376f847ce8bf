import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One stream that a client opened. */
export interface ServerStream {
  headers: IncomingHttpHeaders;
  /** Sends an event; `data` that is no string goes as JSON. */
  send(type: string, data: unknown, id?: string | number): void;
  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void;
  end(): void;
  /** Cuts the connection without a word. */
  cut(): void;
  readonly closed: Promise<void>;
}

export interface Request {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** A server on this machine that says what the test tells it to; it ends with the test. */
export const startServer = async () => {
  const streams: ServerStream[] = [];
  const requests: Request[] = [];
  const replies = new Map<string, Reply>();
  const waiting: ((stream: ServerStream) => void)[] = [];
  let taken = 0;
  let answerStream: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;

  const accept = (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    const stream: ServerStream = {
      headers: request.headers,
      send: (type, data, id) => {
        const text = typeof data === 'string' ? data : JSON.stringify(data);
        response.write(`event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`);
      },
      write: (bytes) => void response.write(bytes),
      end: () => void response.end(),
      cut: () => void response.destroy(),
      closed: new Promise((resolve) => response.once('close', resolve)),
    };
    streams.push(stream);
    if (waiting.length > 0) waiting.shift()?.(streams[taken++] as ServerStream);
  };

  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    if (url === '/v1/stream') return answerStream ? answerStream(request, response) : accept(request, response);
    const text = await textOf(request);
    requests.push({ method, path: url, headers, body: text === '' ? null : JSON.parse(text) });
    const reply = replies.get(`${method} ${url}`) ?? { status: 404, body: { title: 'Not Found' } };
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every stream so far. */
    streams,
    /** Every other request so far. */
    requests,
    /** The next stream that the test has not had yet. */
    stream: (): Promise<ServerStream> =>
      taken < streams.length
        ? Promise.resolve(streams[taken++] as ServerStream)
        : new Promise((resolve) => waiting.push(resolve)),
    /** How streams are answered from now on; null: accepted. */
    answerStreams: (answer: typeof answerStream) => {
      answerStream = answer;
    },
    /** How a request is answered from now on, for example `POST /v1/auth/code`. */
    reply: (request: string, reply: Reply) => void replies.set(request, reply),
  };
};

export type TestServer = Awaited<ReturnType<typeof startServer>>;
