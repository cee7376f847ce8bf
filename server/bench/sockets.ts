/** The load client's lines to the server: raw sockets, because an HTTP client would be the slower side. */
import { connect, type Socket } from 'node:net';

/** A keep-alive line that sends one request after the other. */
export interface PostLine {
  /** Resolves with the status. Rejects if the line breaks. */
  post(request: Buffer): Promise<number>;
  close(): void;
}

export async function openPostLine(port: number): Promise<PostLine> {
  const socket = await open(port);
  let waiting: { resolve(status: number): void; reject(error: Error): void } | null = null;
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const status = Number(received.slice(9, 12));
    received = received.slice(end + 4 + length);
    waiting?.resolve(status);
  });
  socket.on('close', () => waiting?.reject(new Error('the line broke')));
  return {
    post: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** One open stream, of which only the marks in its bytes matter. */
export interface StreamLine {
  /** Bytes since it was opened. */
  readonly bytes: number;
  /** Resolves when `caught_up` has come. */
  caughtUp: Promise<void>;
  close(): void;
}

const TAIL = 64;

/**
 * @param onMark called for every event's mark, in order of arrival
 * @param cursor resumes after it; null takes a snapshot
 */
export async function openStream(
  port: number,
  token: string,
  onMark: (n: number) => void,
  cursor: string | null = null,
): Promise<StreamLine & { id: () => string | null; firstByte: Promise<number> }> {
  const socket = await open(port);
  let bytes = 0;
  let tail = '';
  let done: () => void;
  let first: (at: number) => void;
  let id: string | null = null;
  let live = false;
  const caughtUp = new Promise<void>((resolve) => {
    done = resolve;
  });
  const firstByte = new Promise<number>((resolve) => {
    first = resolve;
  });
  socket.setEncoding('latin1').on('data', (text: string) => {
    if (!live && text.includes('event: snapshot')) first(performance.now());
    bytes += text.length;
    const all = tail + text;
    let from = 0;
    for (const match of all.matchAll(/#(\d+)#/g)) {
      from = match.index + match[0].length;
      onMark(Number(match[1]));
    }
    const ids = [...all.matchAll(/\nid: (\d+)\n/g)];
    id = ids.at(-1)?.[1] ?? id;
    if (!live && all.includes('caught_up')) {
      live = true;
      done();
    }
    // A mark may be cut by the end of what has come; one that was counted must not be seen again.
    tail = all.slice(Math.max(from, all.length - TAIL));
  });
  const resume = cursor === null ? '' : `last-event-id: ${cursor}\r\n`;
  socket.write(`GET /v1/stream HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n${resume}\r\n`);
  return {
    get bytes() {
      return bytes;
    },
    caughtUp,
    firstByte,
    id: () => id,
    close: () => socket.destroy(),
  };
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
