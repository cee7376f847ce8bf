/**
 * One open event stream. Keeps where its device is (`position`) and nothing else that could not be read again:
 * every wake, whatever it was for, leads to the same read of what is after that position, so that what is
 * live and what was missed take one path.
 *
 * Memory is bounded by reading only when the last write has left this process: a device that stops reading
 * holds at most one batch, and loses its stream when it does not take it in time. It resumes where it was.
 */
import type { ServerResponse } from 'node:http';
import type { GoodbyeReason, Me } from '@converso/shared';
import { describeError, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Caller, Clock, Store, StreamChange } from '../ports.ts';
import { frame, frameOf, HEARTBEAT, opening } from './frame.ts';

/** Changes in one read, and so in one write. */
const BATCH = 100;

export interface ConnectionDeps {
  store: Pick<Store, 'changes' | 'snapshot'>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** The part of a snapshot's `me` that is configuration. */
  inbox: Me['inbox'];
  /** Milliseconds that a device may take to accept what was written. */
  writeDeadlineMs: number;
  /** Milliseconds after a goodbye until the line is cut. */
  goodbyeGraceMs: number;
}

export interface Connection {
  readonly caller: Caller;
  /** There may be something to read. */
  wake(): void;
  /** The conversation lists may have changed; said by the next write. */
  wakeLists(): void;
  /** Shows that the line lives, and looks for what no wakeup told of: another process may have written it. */
  beat(): void;
  /** Says goodbye and ends the stream. Only the first reason counts. */
  end(reason: GoodbyeReason): void;
  /** Resolves when the response is closed, by whichever side. */
  readonly closed: Promise<void>;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Proxies must neither keep nor compress it: a compressor holds events back until its block is full.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  // Nothing follows a stream, so it needs no chunks to show where it ends; each event is then one write of its bytes.
  Connection: 'close',
};

/** Opens the stream on a response that nothing was written to and whose line is there, and begins to send what is after `cursor` (null: a snapshot). */
export function connect(
  { store, clock, log, metrics, inbox, writeDeadlineMs, goodbyeGraceMs }: ConnectionDeps,
  caller: Caller,
  outgoing: ServerResponse,
  cursor: number | null,
): Connection {
  const { sessionId } = caller;
  const socket = outgoing.socket!;
  let position = cursor;
  /** A snapshot or replay is under way that `caught_up` has to follow. */
  let behind = true;
  let listsChanged = false;
  let reading = false;
  let dirty = false;
  let over = false;

  const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
  outgoing.once('close', () => {
    over = true;
  });
  // A device that goes away while we write is the usual end of a stream; 'close' follows.
  outgoing.on('error', (error) => log.debug(describeError(error), 'a stream broke'));

  function end(reason: GoodbyeReason): void {
    if (over) return;
    over = true;
    metrics.goodbyes.inc({ reason });
    outgoing.end(frame('goodbye', { reason }));
    const cut = setTimeout(() => outgoing.destroy(), goodbyeGraceMs);
    outgoing.once('close', () => clearTimeout(cut));
  }

  /** Resolves when the device has taken what was written, or when the stream is over. */
  async function write(text: string): Promise<void> {
    if (over || text === '' || socket.write(Buffer.from(text))) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(late);
        socket.off('drain', done).off('close', done);
        resolve();
      };
      const late = setTimeout(() => {
        end('slow');
        done();
      }, writeDeadlineMs);
      socket.once('drain', done).once('close', done);
    });
  }

  const changeFrame = (change: StreamChange, unread: number): string =>
    change.type === 'notification'
      ? frameOf('notification', `${change.json.slice(0, -1)},"unread":${unread}}`, change.seq)
      : frame('preferences', change.preferences, change.seq);

  /** Reads once and sends it; true if there may be more. */
  async function step(): Promise<boolean> {
    const now = clock.now();
    const read =
      position === null ? await store.snapshot(sessionId, now) : await store.changes(sessionId, position, BATCH, now);
    if (over) return false;
    if (read.outcome === 'ended') {
      end('signed_out');
      return false;
    }
    if (read.outcome === 'gap') {
      position = null;
      behind = true;
      return true;
    }
    position = read.cursor;
    const { unread } = read;
    let text = '';
    let more = false;
    if (read.outcome === 'snapshot') {
      text = frame('snapshot', { me: { ...read.me, inbox }, unread, items: read.items }, read.cursor);
    } else {
      text = read.changes.map((change) => changeFrame(change, unread)).join('');
      more = read.more;
      for (const { type } of read.changes) if (type === 'notification') metrics.notificationsSent.inc();
    }
    if (behind && !more) {
      text += frame('caught_up', { unread }, read.cursor);
      behind = false;
    }
    if (listsChanged && !more) {
      text += frame('conversations', {});
      listsChanged = false;
    }
    await write(text);
    return more;
  }

  async function pump(): Promise<void> {
    dirty = true;
    if (reading) return;
    reading = true;
    try {
      while (dirty && !over) {
        dirty = false;
        while (await step()) if (over) break;
      }
    } catch (error) {
      log.error(describeError(error), 'a stream could not be read');
      end('restart');
    } finally {
      reading = false;
    }
  }

  outgoing.removeHeader('Transfer-Encoding');
  outgoing.writeHead(200, HEADERS);
  outgoing.write(opening());
  void pump();

  return {
    caller,
    closed,
    end,
    wake: () => void pump(),
    wakeLists(): void {
      listsChanged = true;
      void pump();
    },
    beat(): void {
      if (over) return;
      if (!socket.writableNeedDrain) socket.write(HEARTBEAT);
      void pump();
    },
  };
}
