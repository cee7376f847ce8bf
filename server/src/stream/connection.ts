/**
 * One open event stream. Keeps where its device is (`position`) and nothing else that could not be read again:
 * every wake, whatever it was for, leads to the same question, what is after that position, so that what is
 * live and what was missed take one path. Where the answer is at hand, the path is shorter (`#tellAtOnce`).
 *
 * Memory is bounded by reading only when the last write has left this process: a device that stops reading
 * holds at most one batch, and loses its stream when it does not take it in time. It resumes where it was.
 *
 * A class, unlike most here, because there are tens of thousands of them: they share their methods.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { GoodbyeReason, Me } from '@converso/shared';
import { describeError, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type Store, type StoredMe, StoreUnusable, type StreamChange } from '../ports/store.ts';
import type { AgentKey, Caller, Clock } from '../ports/types.ts';
import { frame, frameOf, HEARTBEAT, head, opening } from './frame.ts';

/** Changes in one read, and so in one write. */
const BATCH = 100;

export interface ConnectionDeps {
  store: Pick<Store, 'recentChanges' | 'changes' | 'snapshot'>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Adds to a stored profile where the agent's conversations open. */
  completeMe: (me: StoredMe) => Me;
  /** Milliseconds that a device may take to accept what was written. */
  writeDeadlineMs: number;
  /** Milliseconds after a goodbye until the line is cut. */
  goodbyeGraceMs: number;
}

export class Connection {
  readonly sessionId: string;
  readonly agentKey: AgentKey;
  /** Called once when the stream is over, by whichever side ended it. */
  onClosed: (() => void) | null = null;
  readonly #deps: ConnectionDeps;
  readonly #socket: Socket;
  #position: number | null;
  /** A snapshot or replay is under way that `caught_up` has to follow. */
  #behind = true;
  #listsChanged = false;
  #reading = false;
  #dirty = false;
  #begun = false;
  #over = false;

  /**
   * Opens the stream on a response that nothing was written to and whose line is there, and begins to send what is
   * after `cursor` (null: a snapshot). The response itself stays unused: its head would be kept in memory for as long
   * as the stream is open, and its writes are put in chunks.
   */
  constructor(
    deps: ConnectionDeps,
    { sessionId, agentKey }: Pick<Caller, 'sessionId' | 'agentKey'>,
    { socket }: Pick<ServerResponse, 'socket'>,
    cursor: number | null,
  ) {
    this.#deps = deps;
    this.sessionId = sessionId;
    this.agentKey = agentKey;
    this.#position = cursor;
    this.#socket = socket!;
    this.#socket.once('close', () => this.#close());
    // A device that goes away while we write is the usual end of a stream; 'close' follows.
    this.#socket.on('error', (error) => deps.log.debug(describeError(error), 'a stream broke'));
    void this.#pump();
  }

  /** There may be something to read. */
  wake(): void {
    try {
      if (!this.#tellAtOnce()) void this.#pump();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The conversation lists may have changed; said by the next write. */
  wakeLists(): void {
    this.#listsChanged = true;
    void this.#pump();
  }

  /** Shows that the line lives, and looks for what no wakeup told of: another process may have written it. */
  beat(): void {
    if (this.#over) return;
    if (!this.#socket.writableNeedDrain) this.#write(HEARTBEAT);
    void this.#pump();
  }

  /** Says goodbye and ends the stream. Only the first reason counts. */
  end(reason: GoodbyeReason): void {
    if (this.#over) return;
    const { metrics, goodbyeGraceMs } = this.#deps;
    metrics.goodbyes.inc({ reason });
    const socket = this.#socket;
    this.#write(frame('goodbye', { reason }));
    this.#over = true;
    socket.destroySoon();
    const cut = setTimeout(() => socket.destroy(), goodbyeGraceMs);
    socket.once('close', () => clearTimeout(cut));
  }

  #fail(error: unknown): void {
    // An unusable store was logged once, when it was found; there may be thousands of streams.
    const level = error instanceof StoreUnusable ? 'debug' : 'error';
    this.#deps.log[level](describeError(error), 'a stream could not be read');
    this.end('restart');
  }

  #close(): void {
    this.#over = true;
    this.onClosed?.();
  }

  /**
   * The short way for what was told a moment ago, which is most: the same as a step, without a promise. Nothing else is
   * under way when it is taken, for what puts a stream behind or lists to it starts the pump in the same turn.
   * @returns false if there is, or may be, more to do than it did
   */
  #tellAtOnce(): boolean {
    const { store, clock } = this.#deps;
    if (this.#over || this.#reading || this.#position === null || this.#socket.writableNeedDrain) return false;
    const told = store.recentChanges(this.sessionId, this.#position, BATCH, clock.believed?.() ?? clock.now());
    if (told === null) return false;
    this.#position = told.cursor;
    this.#write(this.#framesOf(told.changes));
    return !told.more && !this.#socket.writableNeedDrain;
  }

  /** Strings, which Node.js hands to the system without a copy of its own. The head goes out with what is first. */
  #write(text: string): void {
    if (this.#over || text === '') return;
    if (this.#begun) {
      this.#socket.write(text);
      return;
    }
    this.#begun = true;
    this.#socket.write(head(new Date(this.#deps.clock.now())) + opening() + text);
  }

  /** Resolves when the device has taken what was written, or when the stream is over. */
  async #taken(): Promise<void> {
    const socket = this.#socket;
    if (this.#over || !socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(late);
        socket.off('drain', done).off('close', done);
        resolve();
      };
      const late = setTimeout(() => {
        this.end('slow');
        done();
      }, this.#deps.writeDeadlineMs);
      socket.once('drain', done).once('close', done);
    });
  }

  /** Reads once and sends it; true if there may be more. */
  async #step(): Promise<boolean> {
    const { store, clock, completeMe } = this.#deps;
    const now = clock.believed?.() ?? clock.now();
    const read =
      this.#position === null
        ? await store.snapshot(this.sessionId, now)
        : (store.recentChanges(this.sessionId, this.#position, BATCH, now) ??
          (await store.changes(this.sessionId, this.#position, BATCH, now)));
    if (this.#over) return false;
    if (read.outcome === 'ended') {
      this.end('signed_out');
      return false;
    }
    if (read.outcome === 'gap') {
      this.#position = null;
      this.#behind = true;
      return true;
    }
    this.#position = read.cursor;
    const { unread } = read;
    let text = '';
    let more = false;
    if (read.outcome === 'snapshot') {
      text = frame('snapshot', { me: completeMe(read.me), unread, items: read.items }, read.cursor);
    } else {
      text = this.#framesOf(read.changes);
      more = read.more;
    }
    if (this.#behind && !more) {
      text += frame('caught_up', { unread }, read.cursor);
      this.#behind = false;
    }
    if (this.#listsChanged && !more) {
      text += frame('conversations', {});
      this.#listsChanged = false;
    }
    this.#write(text);
    await this.#taken();
    return more;
  }

  #framesOf(changes: readonly StreamChange[]): string {
    let text = '';
    for (const change of changes) {
      if (change.type === 'preferences') text += frame('preferences', change.preferences, change.seq);
      else {
        text += frameOf('notification', change.json, change.seq);
        this.#deps.metrics.notificationsSent.inc();
      }
    }
    return text;
  }

  async #pump(): Promise<void> {
    this.#dirty = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#dirty && !this.#over) {
        this.#dirty = false;
        if (this.#socket.writableNeedDrain) await this.#taken();
        while (await this.#step()) if (this.#over) break;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#reading = false;
    }
  }
}
