/**
 * What the last commits told whom, kept so that the streams they wake need not read from the file what was written to
 * it a moment before. Keeps, for agents with an open stream, their latest revisions; whoever asks for more, or for an
 * agent about whom anything else was written, reads.
 *
 * An agent's list is either empty or ends with the last seq that this process gave them. It answers only for who has not
 * seen all of it, so a heartbeat with nothing to tell reads, and so finds what another process has written.
 */
import { HEARTBEAT_MS } from '@converso/shared';
import type { StreamChange, StreamChanges } from '../../ports/store.ts';
import type { AgentKey, Millis } from '../../ports/types.ts';
import { eventJson } from './notification-row.ts';
import type { Revision } from './unit-of-work.ts';

/** A session read this long ago (milliseconds) is read again, whatever is here for it. */
const TRUSTED_MS = HEARTBEAT_MS - 1000;
/**
 * How long (milliseconds) revisions are kept at least, and at most about twice as long while commits go on: long enough
 * for the streams that a commit wakes, short enough not to fill the memory that is collected often.
 */
const KEPT_MS = 150;
/** Sessions that nobody has read for this long (milliseconds) have no stream any more. */
const GONE_MS = 3 * HEARTBEAT_MS;

interface Watched {
  readonly agentKey: AgentKey;
  revisions: Revision[];
  /** How many of them were there already when the old ones were last dropped. */
  aged: number;
}

export interface ChangeCache {
  /** A read found the session valid. */
  watch(sessionId: string, agentKey: AgentKey, now: Millis): void;
  /** Whether anybody will ask for what this agent is told. */
  isWatched(agentKey: AgentKey): boolean;
  /** Keeps what a write told; to be called with the revisions of watched agents once they are committed, in order. */
  publish(revisions: readonly Revision[]): void;
  /** Something else of theirs was written, perhaps the end of a session: they read. */
  invalidate(agentKeys: readonly AgentKey[]): void;
  /** What the session has not seen after `cursor`, at most `limit` changes; null if that must be read. */
  after(sessionId: string, cursor: number, limit: number, now: Millis): StreamChanges | null;
}

/** Put together only when it is asked for: whole texts, kept by the thousand, were most of what the collector had to move. */
const changeOf = ({ perAgent, unread, common }: Revision): StreamChange => ({
  type: 'notification',
  seq: perAgent.seq,
  json: eventJson(perAgent, common, unread),
});

/** @param elapsed milliseconds of any epoch, by a clock that nobody sets */
export function createChangeCache(elapsed: () => number = () => performance.now()): ChangeCache {
  const agents = new Map<AgentKey, Watched>();
  const sessions = new Map<string, { watched: Watched; readAt: Millis }>();
  const holding = new Set<Watched>();
  let sweptAt: Millis = 0;
  let droppedAt = 0;

  /** Forgets who has no stream any more. */
  function sweep(now: Millis): void {
    sweptAt = now;
    const present = new Set<Watched>();
    for (const [id, { watched, readAt }] of sessions) {
      if (now - readAt > GONE_MS || agents.get(watched.agentKey) !== watched) sessions.delete(id);
      else present.add(watched);
    }
    for (const watched of agents.values()) if (!present.has(watched)) agents.delete(watched.agentKey);
  }

  /** Drops what was there the last time already. */
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
      // By when it is told, not when it arrived: the writes of a commit may have waited for long, but are told together.
      const now = elapsed();
      if (now - droppedAt > KEPT_MS) dropOld(now);
      for (const revision of revisions) {
        const watched = agents.get(revision.agentKey);
        if (watched === undefined) continue;
        const last = watched.revisions.at(-1);
        // What another process has told in between is not here.
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
      // Forgotten since, and perhaps watched anew for another session.
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
