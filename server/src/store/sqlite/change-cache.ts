/**
 * The latest changes in memory, so that the streams that a commit wakes need not read them from the file. The cache keeps
 * revisions of agents who have an open stream. It does not answer for older changes, nor for an agent about whom
 * anything else was written; the stream reads those from the store.
 *
 * An agent's list is either empty or ends with the last seq that this process gave the agent. The cache answers only if
 * it has something that the session has not seen. So a heartbeat reads the store, and finds what other processes wrote.
 */
import { HEARTBEAT_MS } from '@converso/shared';
import type { StreamChange, StreamChanges } from '../../ports/store.ts';
import type { AgentKey, Millis } from '../../ports/types.ts';
import { eventJson } from './notification-row.ts';
import type { Revision } from './unit-of-work.ts';

/** After this long (milliseconds) a session is read from the store again, to notice that it has ended. */
const TRUSTED_MS = HEARTBEAT_MS - 1000;
/**
 * The least time (milliseconds) that revisions are kept; while commits go on, the most is about twice that. It is long
 * enough for the streams that a commit wakes, and short enough to keep garbage collections cheap.
 */
const KEPT_MS = 150;
/** A session that was not read for this long (milliseconds) has no stream any more. */
const GONE_MS = 3 * HEARTBEAT_MS;

interface Watched {
  readonly agentKey: AgentKey;
  revisions: Revision[];
  /** How many of the revisions were there when old ones were last dropped. */
  aged: number;
}

export interface ChangeCache {
  /** Notes that a read found the session valid. */
  watch(sessionId: string, agentKey: AgentKey, now: Millis): void;
  /** Whether a stream of the agent may ask for changes. */
  isWatched(agentKey: AgentKey): boolean;
  /** Adds revisions of watched agents. To be called in the order of the commits, after each commit. */
  publish(revisions: readonly Revision[]): void;
  /** Drops what is known of these agents, so that their streams read the store. */
  invalidate(agentKeys: readonly AgentKey[]): void;
  /** The changes after `cursor`, at most `limit`; null if the stream must read the store. */
  after(sessionId: string, cursor: number, limit: number, now: Millis): StreamChanges | null;
}

/** Makes the text only on demand: thousands of kept texts were most of what the garbage collector had to move. */
const changeOf = ({ perAgent, unread, common }: Revision): StreamChange => ({
  type: 'notification',
  seq: perAgent.seq,
  json: eventJson(perAgent, common, unread),
});

/** @param elapsed milliseconds of any epoch, by a monotonic clock */
export function createChangeCache(elapsed: () => number = () => performance.now()): ChangeCache {
  const agents = new Map<AgentKey, Watched>();
  const sessions = new Map<string, { watched: Watched; readAt: Millis }>();
  const holding = new Set<Watched>();
  let sweptAt: Millis = 0;
  let droppedAt = 0;

  /** Drops agents and sessions that have no stream any more. */
  function sweep(now: Millis): void {
    sweptAt = now;
    const present = new Set<Watched>();
    for (const [id, { watched, readAt }] of sessions) {
      if (now - readAt > GONE_MS || agents.get(watched.agentKey) !== watched) sessions.delete(id);
      else present.add(watched);
    }
    for (const watched of agents.values()) if (!present.has(watched)) agents.delete(watched.agentKey);
  }

  /** Drops revisions that were already there at the last call. */
  function dropOld(now: number): void {
    droppedAt = now;
    for (const watched of holding) {
      watched.revisions.splice(0, watched.aged);
      watched.aged = watched.revisions.length;
      if (watched.aged === 0) holding.delete(watched);
    }
  }

  return {
    watch(sessionId, agentKey, now) {
      if (Math.abs(now - sweptAt) > GONE_MS) sweep(now);
      const watched = agents.get(agentKey) ?? { agentKey, revisions: [], aged: 0 };
      agents.set(agentKey, watched);
      sessions.set(sessionId, { watched, readAt: now });
    },

    isWatched: (agentKey) => agents.has(agentKey),

    publish(revisions) {
      // The time of the commit counts: its writes may have arrived long ago, but they are published together.
      const now = elapsed();
      if (now - droppedAt > KEPT_MS) dropOld(now);
      for (const revision of revisions) {
        const watched = agents.get(revision.agentKey);
        if (watched === undefined) continue;
        const last = watched.revisions.at(-1);
        // Another process wrote in between, so the older revisions are no longer complete.
        if (last !== undefined && last.perAgent.seq + 1 !== revision.perAgent.seq) {
          watched.revisions = [];
          watched.aged = 0;
        }
        watched.revisions.push(revision);
        holding.add(watched);
      }
    },

    invalidate(agentKeys) {
      for (const agentKey of agentKeys) agents.delete(agentKey);
    },

    after(sessionId, cursor, limit, now) {
      const session = sessions.get(sessionId);
      if (session === undefined || Math.abs(now - session.readAt) > TRUSTED_MS) return null;
      const { watched } = session;
      // The agent was invalidated since; another session may watch the agent by now.
      if (agents.get(watched.agentKey) !== watched) return null;
      const { revisions } = watched;
      const [first] = revisions;
      const last = revisions.at(-1);
      if (first === undefined || last === undefined) return null;
      if (cursor < first.perAgent.seq - 1 || cursor >= last.perAgent.seq) return null;
      const missed = revisions.slice(cursor + 1 - first.perAgent.seq);
      const changes = missed.slice(0, limit).map(changeOf);
      const more = missed.length > limit;
      return { outcome: 'changes', changes, unread: last.unread, cursor: changes.at(-1)?.seq ?? cursor, more };
    },
  };
}
