/** A notification as it is stored, and as it is shown. */
import type { Notification, NotificationState, Reason, Why } from '@converso/shared';
import type { Millis } from '../../ports.ts';

export interface NotificationRow {
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
  /** What it shares with those of everybody else who is told, as stored (JSON). */
  content: string;
}

/** Of the table under the alias `n`; all but the content. */
export const NOTIFICATION_COLUMNS = `n.id, n.seq, n.alerted_seq AS alertedSeq, n.reason, n.why, n.state,
  n.settled_by AS settledBy, n.message_count AS messageCount, n.created_at AS createdAt, n.updated_at AS updatedAt`;

/**
 * A notification as JSON. Put together from text, because the content, which is most of it, is JSON already and is the
 * same for a whole team: parsing it to write it again would be most of what telling them costs.
 */
export function notificationJson(row: NotificationRow): string {
  const settledBy = row.settledBy === null ? 'null' : `{"name":${JSON.stringify(row.settledBy)}}`;
  return (
    `{"id":"${row.id}","seq":${row.seq},"reason":"${row.reason}","state":"${row.state}","settledBy":${settledBy},` +
    `"alert":${row.alertedSeq === row.seq},"alertedSeq":${row.alertedSeq},"why":"${row.why}",` +
    `${row.content.slice(1, -1)},"messageCount":${row.messageCount},` +
    `"createdAt":"${new Date(row.createdAt).toISOString()}","updatedAt":"${new Date(row.updatedAt).toISOString()}"}`
  );
}

export const notificationOf = (row: NotificationRow): Notification => JSON.parse(notificationJson(row)) as Notification;
