import type { Notification, NotificationState, NotificationsPage, Reason, Why } from '@converso/shared';
import type { Content } from '../../domain/plan.ts';
import type { AgentKey, Caller, Millis, ReadSelection, Touched } from '../../ports.ts';
import type { Db } from './database.ts';
import { nextSeq, seqOf } from './seq.ts';
import { nobodyTouched } from './work.ts';

interface Row {
  id: string;
  seq: number;
  alertedSeq: number;
  reason: Reason;
  why: Why;
  state: NotificationState;
  settledBy: string | null;
  messageCount: number;
  createdAt: Millis;
  updatedAt: Millis;
  content: string;
}

const NOTIFICATIONS = `
  SELECT n.id, n.seq, n.alerted_seq AS alertedSeq, n.reason, n.why, n.state, n.settled_by AS settledBy,
    n.message_count AS messageCount, n.created_at AS createdAt, n.updated_at AS updatedAt, c.data AS content
  FROM notifications n JOIN contents c ON c.id = n.content_id`;

const notificationOf = ({ content, settledBy, alertedSeq, createdAt, updatedAt, ...row }: Row): Notification => ({
  ...row,
  ...(JSON.parse(content) as Content),
  settledBy: settledBy === null ? null : { name: settledBy },
  alert: alertedSeq === row.seq,
  alertedSeq,
  createdAt: new Date(createdAt).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
});

/** How many notifications of the agent's are open. */
export const unreadOf = (db: Db, agentKey: AgentKey): number =>
  db.sql("SELECT count(*) FROM notifications WHERE agent_key = ? AND state = 'open'").pluck().get(agentKey) as number;

/** What changed after `seq`, in the order in which it did. */
export const notificationsAfter = (db: Db, agentKey: AgentKey, seq: number, limit: number): Notification[] =>
  db
    .sql<Row>(`${NOTIFICATIONS} WHERE n.agent_key = ? AND n.seq > ? ORDER BY n.seq LIMIT ?`)
    .all(agentKey, seq, limit)
    .map(notificationOf);

/** The latest below `before`, newest first. */
export const latestNotifications = (db: Db, agentKey: AgentKey, before: number, limit: number): Notification[] =>
  db
    .sql<Row>(`${NOTIFICATIONS} WHERE n.agent_key = ? AND n.seq < ? ORDER BY n.seq DESC LIMIT ?`)
    .all(agentKey, before, limit)
    .map(notificationOf);

/** The latest open ones, newest first. */
export const openNotificationsOf = (db: Db, agentKey: AgentKey, limit: number): Notification[] =>
  db
    .sql<Row>(`${NOTIFICATIONS} WHERE n.agent_key = ? AND n.state = 'open' ORDER BY n.seq DESC LIMIT ?`)
    .all(agentKey, limit)
    .map(notificationOf);

/** The agent's notifications, newest first. */
export const notificationsPage = (
  db: Db,
  { agentKey }: Caller,
  { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
): NotificationsPage => ({
  items: latestNotifications(db, agentKey, before, limit),
  unread: unreadOf(db, agentKey),
  cursor: seqOf(db, agentKey),
});

/** Marks the agent's own open notifications as read; others are ignored. To run inside a transaction. */
export function markRead(
  db: Db,
  { agentKey }: Caller,
  selection: ReadSelection,
  now: Millis,
): { unread: number; touched: Touched } {
  const open = db
    .sql<{ key: number; id: string; seq: number; conversationId: string }>(
      `SELECT n.key, n.id, n.seq, c.id AS conversationId FROM notifications n
       JOIN conversations c ON c.key = n.conversation_key
       WHERE n.agent_key = ? AND n.state = 'open' ORDER BY n.seq`,
    )
    .all(agentKey);
  const ids = 'ids' in selection ? new Set(selection.ids) : null;
  const selected = open.filter(({ id, seq, conversationId }) => {
    if (ids !== null) return ids.has(id);
    return 'upTo' in selection
      ? seq <= selection.upTo
      : 'conversationId' in selection && conversationId === selection.conversationId;
  });
  for (const { key } of selected) {
    db.sql("UPDATE notifications SET state = 'read', seq = ?, updated_at = ? WHERE key = ?").run(
      nextSeq(db, agentKey),
      now,
      key,
    );
  }
  const touched = selected.length === 0 ? nobodyTouched() : { agents: [agentKey], groups: [] };
  return { unread: open.length - selected.length, touched };
}
