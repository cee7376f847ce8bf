/**
 * What the last commits told whom, kept so that the streams they wake need not read from the file what was written to
 * it a moment before. Keeps, for agents with an open stream, the revisions of about a second, until
 * the next commit after it; whoever asks for more, or for an agent about whom anything else was written, reads.
 *
 * An agent's list is either empty or ends with the last seq that this process gave them. It answers only for who has not
 * seen all of it, so a heartbeat with nothing to tell reads, and so finds what another process has written.
 */
import { HEARTBEAT_MS } from '@converso/shared';
import type { AgentKey, Millis, StreamChanges } from '../../ports.ts';
import type { Revision } from './work.ts';

/** A session read this long ago (milliseconds) is read again, whatever is here for it. */
const TRUSTED_MS = HEARTBEAT_MS - 1000;
/** How long (milliseconds) revisions are kept at most, once another commit comes. */
const KEPT_MS = 1000;
/** Sessions that nobody has read for this long (milliseconds) have no stream any more. */
const GONE_MS = 3 * HEARTBEAT_MS;

interface Watched {
  readonly agentKey: AgentKey;
  revisions: Revision[];
}

export interface Recent {
  /** A read found the session valid. */
  watch(sessionId: string, agentKey: AgentKey, now: Millis): void;
  /** Whether anybody will ask for what this agent is told. */
  isWatched(agentKey: AgentKey): boolean;
  /** Keeps what a commit told; to be called with every commit's revisions of watched agents, in order. */
  add(revisions: readonly Revision[], now: Millis): void;
  /** Something else of theirs was written, perhaps the end of a session: they read. */
  forget(agentKeys: readonly AgentKey[]): void;
  /** What the session has not seen after `cursor`, at most `limit` changes; null if that must be read. */
  after(sessionId: string, cursor: number, limit: number, now: Millis): StreamChanges | null;
}

export function createRecent(): Recent {
  const agents = new Map<AgentKey, Watched>();
  const sessions = new Map<string, { watched: Watched; readAt: Millis }>();
  const holding = new Set<Watched>();
  let sweptAt: Millis = 0;
  let clearedAt: Millis = 0;

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

  function clear(now: Millis): void {
    clearedAt = now;
    for (const watched of holding) watched.revisions = [];
    holding.clear();
  }

  return {
    watch(sessionId, agentKey, now) {
      if (Math.abs(now - sweptAt) > GONE_MS) sweep(now);
      const watched = agents.get(agentKey) ?? { agentKey, revisions: [] };
      agents.set(agentKey, watched);
      sessions.set(sessionId, { watched, readAt: now });
    },

    isWatched: (agentKey) => agents.has(agentKey),

    add(revisions, now) {
      if (Math.abs(now - clearedAt) > KEPT_MS) clear(now);
      for (const revision of revisions) {
        const watched = agents.get(revision.agentKey);
        if (watched === undefined) continue;
        const last = watched.revisions.at(-1);
        // What another process has told in between is not here.
        if (last !== undefined && last.seq + 1 !== revision.seq) watched.revisions = [];
        watched.revisions.push(revision);
        holding.add(watched);
      }
    },

    forget(agentKeys) {
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
      if (first === undefined || last === undefined || cursor < first.seq - 1 || cursor >= last.seq) return null;
      const missed = revisions.slice(cursor + 1 - first.seq);
      const changes = missed.slice(0, limit).map(({ seq, json }) => ({ type: 'notification', seq, json }) as const);
      const more = missed.length > limit;
      return { outcome: 'changes', changes, unread: last.unread, cursor: changes.at(-1)?.seq ?? cursor, more };
    },
  };
}
