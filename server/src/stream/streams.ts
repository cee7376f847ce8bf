/**
 * The open event streams of this process: who has one, when each gets its heartbeat, whom a wakeup concerns.
 * A restart loses nothing of it; devices come back by themselves.
 */
import type { ServerResponse } from 'node:http';
import { HEARTBEAT_MS } from '@converso/shared';
import { describeError } from '../log.ts';
import type { Store } from '../ports/store.ts';
import type { Caller } from '../ports/types.ts';
import type { Wakeups } from '../ports/wakeups.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import { followLists, type Lists } from './lists.ts';

export interface StreamRequest {
  /** Where the device wants to go on; null for a snapshot. */
  cursor: number | null;
  /** An inbox tab: several share the browser's session. Other devices have one stream each. */
  byCookie: boolean;
  /** Also say when the conversation lists may have changed. */
  conversations: boolean;
}

export interface Streams {
  /** How many are open now. */
  readonly open: number;
  /** Answers with an event stream. False, with nothing written, once the server is closing, or on a connection that owes another answer. */
  accept(caller: Caller, outgoing: ServerResponse, request: StreamRequest): boolean;
  /** Says `goodbye` (restart) on every stream and ends it; no new one is accepted afterwards. */
  close(): Promise<void>;
}

export interface StreamsDeps extends Omit<ConnectionDeps, 'writeDeadlineMs' | 'goodbyeGraceMs' | 'store'> {
  store: Pick<Store, 'recentChanges' | 'changes' | 'snapshot' | 'groupKeys' | 'connected'>;
  wakeups: Wakeups;
}

/** Milliseconds; tests shorten them. */
export interface StreamTimes {
  heartbeatMs: number;
  writeDeadlineMs: number;
  goodbyeGraceMs: number;
  /** Conversation lists are announced at most this often. */
  listsEveryMs: number;
}

const TIMES: StreamTimes = {
  heartbeatMs: HEARTBEAT_MS,
  writeDeadlineMs: 30_000,
  goodbyeGraceMs: 2_000,
  listsEveryMs: 200,
};

/** Tabs of one browser session that may stream at once; the oldest makes room. */
const TABS = 8;

/** One timer sends the heartbeats of one group at each tick, so that thousands of streams do not read at once. */
const BEAT_GROUPS = 20;

export function createStreams(deps: StreamsDeps, times: Partial<StreamTimes> = {}): Streams {
  const { heartbeatMs, listsEveryMs, ...limits } = { ...TIMES, ...times };
  const { store, wakeups, clock, log } = deps;
  const connectionDeps = { ...deps, ...limits };
  const bySession = new Map<string, Connection[]>();
  const beatGroups = Array.from({ length: BEAT_GROUPS }, () => new Set<Connection>());
  /** Of those that asked for them. */
  const lists = new Map<Connection, Lists>();
  let currentGroup = 0;
  let open = 0;
  let closing: (() => void) | null = null;

  const timer = setInterval(() => {
    currentGroup = (currentGroup + 1) % BEAT_GROUPS;
    for (const connection of [...(beatGroups[currentGroup] ?? [])]) {
      connection.beat();
      lists.get(connection)?.refresh();
    }
  }, heartbeatMs / BEAT_GROUPS);
  timer.unref();

  /** Makes room for one more stream of the session. */
  function replace({ sessionId }: Caller, byCookie: boolean): void {
    const streams = bySession.get(sessionId) ?? [];
    const keep = byCookie ? TABS - 1 : 0;
    for (const old of streams.slice(0, Math.max(0, streams.length - keep))) old.end('replaced');
  }

  function remember(connection: Connection): void {
    open += 1;
    bySession.set(connection.sessionId, [...(bySession.get(connection.sessionId) ?? []), connection]);
    beatGroups[currentGroup]?.add(connection);
  }

  function forget(connection: Connection): void {
    open -= 1;
    const rest = (bySession.get(connection.sessionId) ?? []).filter((other) => other !== connection);
    if (rest.length > 0) bySession.set(connection.sessionId, rest);
    else bySession.delete(connection.sessionId);
    for (const each of beatGroups) each.delete(connection);
    lists.get(connection)?.stop();
    lists.delete(connection);
    if (open === 0) closing?.();
  }

  return {
    get open() {
      return open;
    },

    accept(caller, outgoing, { cursor, byCookie, conversations }): boolean {
      if (closing !== null) return false;
      // Whoever went away while being authenticated gets no stream: its 'close' has been emitted already.
      if (outgoing.destroyed) return true;
      // The connection still owes another answer, so it cannot be written to. `one-at-a-time.ts` lets none come here.
      if (!outgoing.socket) return false;
      replace(caller, byCookie);
      // In one turn with the first read's beginning, so that no commit can fall between the two.
      const connection = new Connection(connectionDeps, caller, outgoing, cursor);
      const unsubscribe = wakeups.subscribe({ agent: caller.agentKey }, () => {
        connection.wake();
        if (!conversations) return;
        lists.get(connection)?.refresh();
        lists.get(connection)?.wake();
      });
      connection.onClosed = () => {
        unsubscribe();
        forget(connection);
      };
      remember(connection);
      if (conversations) lists.set(connection, followLists({ ...deps, listsEveryMs }, caller, connection));
      void store
        .connected(caller, clock.now())
        .catch((error) => log.warn(describeError(error), 'a connection could not be noted'));
      return true;
    },

    async close(): Promise<void> {
      clearInterval(timer);
      const { promise, resolve } = Promise.withResolvers<void>();
      closing = resolve;
      if (open === 0) resolve();
      for (const connection of [...bySession.values()].flat()) connection.end('restart');
      await promise;
    },
  };
}
