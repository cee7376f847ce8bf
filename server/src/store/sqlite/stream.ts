import { type Notification, SNAPSHOT_LATEST, SNAPSHOT_OPEN } from '@converso/shared';
import type { StreamChange, StreamRead, StreamSnapshot } from '../../ports/store.ts';
import type { AgentKey, Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { meOf } from './me.ts';
import { commonJson, eventJson } from './notification-row.ts';
import { latestNotifications, openNotificationsOf, rowsAfter } from './notifications.ts';
import { SESSION_IDLE_MS } from './sessions.ts';

/**
 * A device that is further behind gets a snapshot: shorter to send and to take in than all that happened since.
 * Some 5,000 revisions are a busy agent's week.
 */
export const REPLAY_MAX = 5_000;

interface Streaming {
  agentKey: AgentKey;
  seq: number;
  unread: number;
  replayFloor: number;
  preferencesSeq: number;
  messageNotifications: number;
  assistantChats: number;
  unrepliedEmails: number;
}

const streaming = (db: Db, sessionId: string, now: Millis): Streaming | undefined =>
  db
    .sql<Streaming>(
      `SELECT a.key AS agentKey, t.seq, t.unread, a.replay_floor AS replayFloor, a.preferences_seq AS preferencesSeq,
         a.message_notifications AS messageNotifications, a.assistant_chats AS assistantChats,
         a.unreplied_emails AS unrepliedEmails
       FROM sessions s JOIN agents a ON a.key = s.agent_key JOIN tallies t ON t.agent_key = a.key
       WHERE s.id = ? AND s.last_used_at > ? AND a.active = 1`,
    )
    .get(sessionId, now - SESSION_IDLE_MS);

/** The same, whose next changes may be told from memory. */
function watched(db: Db, sessionId: string, now: Millis): Streaming | undefined {
  const agent = streaming(db, sessionId, now);
  if (agent !== undefined) db.changeCache.watch(sessionId, agent.agentKey, now);
  return agent;
}

/** What a session's agent has not seen after `cursor`, at most `limit` changes. To run in one read. */
export function changesAfter(db: Db, sessionId: string, cursor: number, limit: number, now: Millis): StreamRead {
  const agent = watched(db, sessionId, now);
  if (agent === undefined) return { outcome: 'ended' };
  const oldest = Math.max(0, agent.replayFloor, agent.seq - REPLAY_MAX);
  if (!(cursor >= oldest && cursor <= agent.seq)) return { outcome: 'gap' };

  const { unread } = agent;
  if (cursor === agent.seq) return { outcome: 'changes', changes: [], unread, cursor, more: false };
  // One more than asked for tells whether there are more.
  const found: StreamChange[] = rowsAfter(db, agent.agentKey, cursor, limit + 1).map((row) => ({
    type: 'notification',
    seq: row.seq,
    json: eventJson(row, commonJson(row), unread),
  }));
  if (agent.preferencesSeq > cursor) found.push(preferencesChange(agent));
  found.sort((a, b) => a.seq - b.seq);
  const changes = found.slice(0, limit);
  const more = found.length > limit;
  return { outcome: 'changes', changes, unread, cursor: more ? changes.at(-1)!.seq : agent.seq, more };
}

const preferencesChange = (agent: Streaming): StreamChange => ({
  type: 'preferences',
  seq: agent.preferencesSeq,
  preferences: {
    messageNotifications: agent.messageNotifications === 1,
    assistantChats: agent.assistantChats === 1,
    unrepliedEmails: agent.unrepliedEmails === 1,
  },
});

/** All that a device starts from: what is open, and the latest, newest first. To run in one read. */
export function snapshotOf(db: Db, sessionId: string, now: Millis): StreamSnapshot {
  const agent = watched(db, sessionId, now);
  if (agent === undefined) return { outcome: 'ended' };
  const { agentKey, seq, unread } = agent;
  const items = new Map<string, Notification>();
  for (const item of openNotificationsOf(db, agentKey, SNAPSHOT_OPEN)) items.set(item.id, item);
  for (const item of latestNotifications(db, agentKey, Number.MAX_SAFE_INTEGER, SNAPSHOT_LATEST))
    items.set(item.id, item);
  return {
    outcome: 'snapshot',
    me: meOf(db, agentKey),
    unread,
    items: [...items.values()].toSorted((a, b) => b.seq - a.seq),
    cursor: seq,
  };
}
