/**
 * An agent's device, as an extension keeps one: follows the stream, upserts its bell by id, resumes by cursor,
 * comes back by itself. It notes whatever a stream must never do, so that a proof need only look at `wrong`.
 */
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Notification, StreamEvents } from '@converso/shared';
import { createParser } from 'eventsource-parser';
import { PATIENCE_MS } from './wait-for.ts';

/** One socket for each stream, as from as many browsers. */
const sockets = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

export interface DeviceOptions {
  /** The server's origin, asked at each connection: it may have moved to another port. */
  origin(): string;
  token: string;
  /** Comes back after a loss, as long after as the server asked for; otherwise only when told to. */
  stays?: boolean;
  /** A local address to connect from; as many devices as there are ports can come from each. */
  from?: string;
}

export interface Device {
  readonly token: string;
  /** The switch, as the stream last said; undefined before. */
  readonly messageNotifications: boolean | undefined;
  readonly bell: ReadonlyMap<string, Notification>;
  readonly unread: number;
  /** The last id seen; null before the first. */
  readonly cursor: string | null;
  /** Connected and caught up. */
  readonly live: boolean;
  /** What the agent was told, in order: a toast each, or a line of a summary. */
  readonly told: readonly { conversationId: string; alertedSeq: number }[];
  readonly counts: { connections: number; snapshots: number; goodbyes: Record<string, number>; refused: number };
  /** What no stream may do. */
  readonly wrong: readonly string[];
  /** Connects from its cursor; from another one if that is given, and from none with null. */
  connect(cursor?: string | null): void;
  /** Loses the line, as a laptop that sleeps. */
  cut(): void;
  /** Stops and goes on reading what arrives. */
  stall(): void;
  resume(): void;
  /** Resolves when that is so; rejects after `ms`. */
  until(so: (device: Device) => boolean, what: string, ms?: number): Promise<void>;
  /** Goes away for good. */
  close(): void;
}

export function createDevice({ origin, token, stays = false, from }: DeviceOptions): Device {
  const bell = new Map<string, Notification>();
  const handled = new Map<string, number>();
  const told: { conversationId: string; alertedSeq: number }[] = [];
  const wrong: string[] = [];
  const counts = { connections: 0, snapshots: 0, goodbyes: {} as Record<string, number>, refused: 0 };
  const watching = new Set<() => void>();
  let unread = 0;
  let messageNotifications: boolean | undefined;
  let cursor: string | null = null;
  let live = false;
  let retryMs = 2000;
  let closed = false;
  let line: { cut(): void; response: IncomingMessage | null } | null = null;
  let again: NodeJS.Timeout | null = null;

  const changed = (): void => {
    for (const look of [...watching]) look();
  };

  /** Tells of all that is open and was news since it was last told of. */
  function tell(items: Iterable<Notification>): void {
    for (const { state, alertedSeq, conversation } of items) {
      if (alertedSeq <= (handled.get(conversation.id) ?? 0)) continue;
      handled.set(conversation.id, alertedSeq);
      if (state === 'open') told.push({ conversationId: conversation.id, alertedSeq });
    }
  }

  function take(name: string, id: string | undefined, data: unknown): void {
    switch (name) {
      case 'snapshot': {
        const snapshot = data as StreamEvents['snapshot'];
        counts.snapshots += 1;
        bell.clear();
        for (const item of snapshot.items) bell.set(item.id, item);
        unread = snapshot.unread;
        messageNotifications = snapshot.me.preferences.messageNotifications;
        break;
      }
      case 'notification': {
        const { unread: count, ...item } = data as StreamEvents['notification'];
        if (id !== String(item.seq)) wrong.push(`notification ${item.seq} came under id ${id}`);
        if (cursor !== null && item.seq <= Number(cursor)) wrong.push(`seq ${item.seq} came again after ${cursor}`);
        if (item.alert !== (item.alertedSeq === item.seq)) wrong.push(`alert of ${item.seq} is not its alertedSeq`);
        bell.set(item.id, item);
        unread = count;
        if (live) tell([item]);
        break;
      }
      case 'preferences':
        messageNotifications = (data as StreamEvents['preferences']).messageNotifications;
        break;
      case 'caught_up':
        unread = (data as StreamEvents['caught_up']).unread;
        live = true;
        tell([...bell.values()].toSorted((a, b) => a.seq - b.seq));
        break;
      case 'goodbye': {
        const { reason } = data as StreamEvents['goodbye'];
        counts.goodbyes[reason] = (counts.goodbyes[reason] ?? 0) + 1;
        if (reason === 'replaced' || reason === 'signed_out') closed = true;
        break;
      }
    }
    if (id !== undefined) {
      if (cursor !== null && name !== 'snapshot' && Number(id) < Number(cursor)) wrong.push(`${id} after ${cursor}`);
      cursor = id;
    }
  }

  function connect(start: string | null = cursor): void {
    line?.cut();
    if (again !== null) clearTimeout(again);
    again = null;
    cursor = start;
    live = false;
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(start === null ? {} : { 'last-event-id': start }),
    };
    const request = get(`${origin()}/v1/stream`, { agent: sockets, headers, ...(from ? { localAddress: from } : {}) });
    const mine = { response: null as IncomingMessage | null, cut: () => void request.destroy() };
    line = mine;
    const over = (): void => {
      if (line !== mine) return;
      line = null;
      live = false;
      changed();
      if (stays && !closed) again = setTimeout(connect, retryMs);
    };
    request.on('error', over);
    request.on('response', (response) => {
      if (line !== mine) return;
      response.on('error', over).on('close', over);
      if (response.statusCode !== 200) {
        counts.refused += 1;
        response.resume();
        return;
      }
      counts.connections += 1;
      mine.response = response;
      const parser = createParser({
        onEvent: ({ event = 'message', id, data }) => line === mine && take(event, id, JSON.parse(data)),
        onRetry: (ms) => {
          retryMs = ms;
        },
      });
      response.setEncoding('utf8').on('data', (text: string) => {
        if (line !== mine) return;
        parser.feed(text);
        changed();
      });
    });
  }

  const device: Device = {
    token,
    bell,
    told,
    wrong,
    counts,
    get messageNotifications() {
      return messageNotifications;
    },
    get unread() {
      return unread;
    },
    get cursor() {
      return cursor;
    },
    get live() {
      return live;
    },
    connect,
    cut(): void {
      line?.cut();
    },
    stall: () => void line?.response?.pause(),
    resume: () => void line?.response?.resume(),
    until(so, what, ms = PATIENCE_MS): Promise<void> {
      if (so(device)) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const done = (): void => {
          watching.delete(look);
          clearTimeout(late);
        };
        const look = (): void => {
          if (!so(device)) return;
          done();
          resolve();
        };
        const late = setTimeout(() => {
          done();
          reject(new Error(`a device did not get to ${what} within ${ms} ms (cursor ${cursor}, live ${live})`));
        }, ms);
        watching.add(look);
      });
    },
    close(): void {
      closed = true;
      if (again !== null) clearTimeout(again);
      line?.cut();
    },
  };
  return device;
}

/** A bell as a list, newest first, as the API gives it. */
export const listed = (bell: Device['bell']): Notification[] => [...bell.values()].toSorted((a, b) => b.seq - a.seq);
