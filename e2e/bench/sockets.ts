/**
 * The load client's lines: raw sockets that all read into one buffer, because an HTTP client, and even Node's own
 * stream of chunks, would be the slower side.
 */
import { connect, type Socket } from 'node:net';

const READ_BYTES = 256 * 1024;
/** Bytes are looked at before the next read, so one buffer serves all. */
const shared = Buffer.allocUnsafe(READ_BYTES);

/** @param onBytes called with a buffer of which the first `length` bytes hold, during the call only */
export function openLine(
  port: number,
  onBytes: (bytes: Buffer, length: number) => void,
  onEnd: () => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          onBytes(shared, length);
          return true;
        },
      },
    });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', onEnd);
  });
}

/** One or more requests as their bytes, and how many answers they get. */
export interface Publication {
  bytes: Buffer;
  answers: number;
}

/** A keep-alive line that sends one publication after the other. */
export interface PostLine {
  post(publication: Publication): void;
  close(): void;
}

const STATUS = Buffer.from('HTTP/1.1 ');
/** Bytes that must be there to tell a status: the words before it and its first digit. */
const WINDOW = STATUS.length + 1;
const TWO = 50;
const CAPITAL_H = 72;
const NOTHING = Buffer.alloc(0);

/**
 * @param onFree called when all of a publication has been answered with a success
 * @param onFailure called with any other answer, or when the line breaks
 */
export async function openPostLine(
  port: number,
  onFree: (line: PostLine) => void,
  onFailure: (error: Error) => void,
): Promise<PostLine> {
  let outstanding = 0;
  let carried = NOTHING;
  let closing = false;

  const take = (whole: Buffer, length: number): void => {
    // Else it would be searched to the end of the buffer each time.
    const bytes = whole.subarray(0, length);
    let position = 0;
    for (;;) {
      const found = bytes.indexOf(STATUS, position);
      if (found < 0 || found + WINDOW > length) break;
      position = found + WINDOW;
      if (bytes[found + STATUS.length] !== TWO) {
        const answer = bytes.toString('latin1', found, found + 600);
        onFailure(new Error(`an event was answered: ${answer}`));
      }
      outstanding -= 1;
      if (outstanding === 0) onFree(line);
    }
    // A status that is cut by the end of a read is looked for again with what follows it.
    const from = Math.max(position, length - WINDOW + 1);
    const maybe = bytes.subarray(from).indexOf(CAPITAL_H);
    carried = maybe < 0 ? NOTHING : Buffer.from(bytes.subarray(from + maybe));
  };

  const socket = await openLine(
    port,
    (bytes, length) => {
      if (carried.length === 0) return take(bytes, length);
      const whole = Buffer.concat([carried, bytes.subarray(0, length)]);
      take(whole, whole.length);
    },
    () => {
      if (!closing) onFailure(new Error('a line for events broke'));
    },
  );
  const line: PostLine = {
    post({ bytes, answers }) {
      outstanding = answers;
      socket.write(bytes);
    },
    close() {
      closing = true;
      socket.destroy();
    },
  };
  return line;
}
