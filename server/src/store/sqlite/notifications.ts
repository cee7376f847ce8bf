import type { Notification, NotificationsPage } from '@converso/shared';
import type { ReadSelection } from '../../ports/store.ts';
import type { Affected, AgentKey, Caller, Millis } from '../../ports/types.ts';
import { conversationByKey, keepShown } from './conversations.ts';
import { bumpCounters, countersOf } from './counters.ts';
import type { Db } from './database.ts';
import { NOTIFICATION_COLUMNS, type NotificationRow, notificationOf } from './notification-row.ts';
import { nobodyAffected } from './unit-of-work.ts';

/** Open ones show what their conversation shows, ended ones what it showed then. */
const OPEN = `SELECT ${NOTIFICATION_COLUMNS}, c.shown AS content
  FROM notifications n JOIN conversations c ON c.key = n.conversation_key WHERE n.agent_key = :agentKey AND n.ended = 0`;
const ENDED = `SELECT ${NOTIFICATION_COLUMNS}, c.data AS content
  FROM notifications n JOIN contents c ON c.id = n.content_id WHERE n.agent_key = :agentKey AND n.ended > 0`;

/** What changed after `seq`, in the order in which it did. */
export const rowsAfter = (db: Db, agentKey: AgentKey, seq: number, limit: number): NotificationRow[] =>
  db
    .sql<NotificationRow>(
      `SELECT * FROM (${OPEN} AND n.seq > :seq UNION ALL ${ENDED} AND n.seq > :seq) ORDER BY seq LIMIT :limit`,
    )
    .all({ agentKey, seq, limit });

/** The latest below `before`, newest first. */
export const latestNotifications = (db: Db, agentKey: AgentKey, before: number, limit: number): Notification[] =>
  db
    .sql<NotificationRow>(
      `SELECT * FROM (SELECT * FROM (${OPEN} AND n.seq < :before ORDER BY n.seq DESC LIMIT :limit)
         UNION ALL SELECT * FROM (${ENDED} AND n.seq < :before ORDER BY n.seq DESC LIMIT :limit))
       ORDER BY seq DESC LIMIT :limit`,
    )
    .all({ agentKey, before, limit })
    .map(notificationOf);

/** The latest open ones, newest first. */
export const openNotificationsOf = (db: Db, agentKey: AgentKey, limit: number): Notification[] =>
  db.sql<NotificationRow>(`${OPEN} ORDER BY n.seq DESC LIMIT :limit`).all({ agentKey, limit }).map(notificationOf);

/** The agent's notifications, newest first. */
export const notificationsPage = (
  db: Db,
  { agentKey }: Caller,
  { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
): NotificationsPage => {
  const { seq, unread } = countersOf(db, agentKey);
  return { items: latestNotifications(db, agentKey, before, limit), unread, cursor: seq };
};

/** Marks the agent's own open notifications as read; others are ignored. To run inside a transaction. */
export function markRead(
  db: Db,
  { agentKey }: Caller,
  selection: ReadSelection,
  now: Millis,
): { unread: number; affected: Affected } {
  const open = db
    .sql<Selectable>(
      `SELECT n.conversation_key AS conversationKey, n.id, n.seq, c.id AS conversationId, c.content_id AS contentId
       FROM notifications n JOIN conversations c ON c.key = n.conversation_key
       WHERE n.agent_key = ? AND n.ended = 0 ORDER BY n.seq`,
    )
    .all(agentKey);
  const ids = 'ids' in selection ? new Set(selection.ids) : null;
  const selected = open.filter(({ id, seq, conversationId }) => {
    if (ids !== null) return ids.has(id);
    return 'upTo' in selection
      ? seq <= selection.upTo
      : 'conversationId' in selection && conversationId === selection.conversationId;
  });
  for (const { conversationKey, contentId } of selected) {
    const { seq } = bumpCounters(db, [agentKey], -1).get(agentKey)!;
    db.sql(
      `UPDATE notifications SET state = 'read', content_id = :kept, ended = :seq, seq = :seq, updated_at = :now
       WHERE conversation_key = :conversationKey AND ended = 0 AND agent_key = :agentKey`,
    ).run({ kept: contentId ?? keepWhatShows(db, conversationKey), seq, now, conversationKey, agentKey });
  }
  const affected = selected.length === 0 ? nobodyAffected() : { agents: [agentKey], groups: [] };
  return { unread: open.length - selected.length, affected };
}

interface Selectable {
  conversationKey: number;
  id: string;
  seq: number;
  conversationId: string;
  contentId: number | null;
}

/** Keeps what a conversation shows, for all who will end with it. Returns its row. */
function keepWhatShows(db: Db, conversationKey: number): number {
  const conversation = conversationByKey(db, conversationKey);
  const kept = keepShown(db, conversation);
  db.sql('UPDATE conversations SET content_id = ? WHERE key = ?').run(kept, conversationKey);
  return kept;
}
