import type { Socket } from 'node:net';
import { Arrivals, type Expected } from './arrivals.ts';
import { type Carry, OUTSIDE, scanMarkers } from './markers.ts';
import type { Protocol } from './protocol.ts';
import { openLine } from './sockets.ts';

/** Connections whose handshake is under way at once: more would overflow a listener's queue, and wait for a repeated SYN. */
const CONNECTING = 200;

/** How long the last stream may take to be open and caught up, milliseconds. */
const OPEN_MS = 120_000;

/** Open streams, numbered as the agents are, and what arrives on them. */
export interface Audience {
  readonly size: number;
  /** Begins to note arrivals of these events. */
  expect(expected: Expected): Arrivals;
  /** The cursor of each stream; needs `keepCursors`. */
  cursors(): (string | null)[];
  close(): void;
}

export interface AudienceOptions {
  /** Where each resumes. */
  cursors?: readonly (string | null)[];
  /** Looks for cursors in what arrives, which costs time. */
  keepCursors?: boolean;
  /** So many events that were missed must have come before a stream counts as caught up. */
  missed?: number;
}

/**
 * Opens a stream for each of the first `size` agents and resolves when all are open and caught up.
 * Rejects if one breaks or is late.
 */
export async function openAudience(
  protocol: Protocol,
  size: number,
  { cursors = [], keepCursors = false, missed = 0 }: AudienceOptions = {},
): Promise<Audience & { missedArrived: number }> {
  const ready = Buffer.from(protocol.ready);
  const sockets: Socket[] = new Array(size);
  const latest: (string | null)[] = new Array(size).fill(null);
  let arrivals: Arrivals | null = null;
  let missedArrived = 0;
  let closing = false;
  let waiting = size;
  const all = Promise.withResolvers<void>();
  const fail = (error: Error): void => all.reject(error);
  // It may fail while the streams are still being opened, when nobody awaits it yet.
  all.promise.catch(() => undefined);

  const open = async (agent: number): Promise<void> => {
    let carry: Carry = OUTSIDE;
    let live = false;
    let had = 0;
    let tail = Buffer.alloc(0);
    const onMark = (n: number): void => {
      if (arrivals !== null) arrivals.note(n, agent, now);
      else {
        missedArrived += 1;
        had += 1;
      }
    };
    let now = 0;
    const socket = await openLine(
      protocol.subscribePort,
      (bytes, length) => {
        now = performance.now();
        carry = scanMarkers(bytes, length, carry, onMark);
        if (!live || keepCursors) {
          const whole = Buffer.concat([tail, bytes.subarray(0, length)]);
          if (keepCursors) latest[agent] = lastCursor(whole, protocol.cursor) ?? latest[agent]!;
          if (!live && had >= missed && whole.includes(ready)) {
            live = true;
            waiting -= 1;
            if (waiting === 0) all.resolve();
          }
          // While it is opened everything is kept, for what is looked for may be cut anywhere.
          tail = live ? Buffer.from(whole.subarray(-64)) : whole;
        }
      },
      () => {
        if (!closing) fail(new Error(`a stream broke after: ${tail.toString('latin1').slice(-300)}`));
      },
    );
    sockets[agent] = socket;
    socket.write(protocol.subscribe(agent, cursors[agent] ?? null));
  };

  let next = 0;
  const opener = async (): Promise<void> => {
    for (let agent = next++; agent < size; agent = next++) await open(agent);
  };
  const late = setTimeout(() => fail(new Error(`${waiting} streams of ${size} were not open in time`)), OPEN_MS);
  const close = (): void => {
    closing = true;
    for (const socket of sockets) socket?.destroy();
  };
  try {
    await Promise.all(Array.from({ length: Math.min(CONNECTING, size) }, opener));
    await all.promise;
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    size,
    get missedArrived() {
      return missedArrived;
    },
    expect(expected) {
      arrivals = new Arrivals(expected);
      return arrivals;
    },
    cursors: () => latest,
    close,
  };
}

const lastCursor = (bytes: Buffer, pattern: RegExp): string | null =>
  [...bytes.toString('latin1').matchAll(pattern)].at(-1)?.[1] ?? null;
