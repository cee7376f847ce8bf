/** A notification as it is stored, and as it is shown. */
import type { Notification, NotificationState, Reason, Why } from '@converso/shared';
import type { Millis } from '../../ports/types.ts';

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
  /** The content, which is the same for all agents, as stored (JSON). */
  content: string;
}

/** The columns of the table under the alias `n`; all but the content. */
export const NOTIFICATION_COLUMNS = `n.id, n.seq, n.alerted_seq AS alertedSeq, n.reason, n.why, n.state,
  n.settled_by AS settledBy, n.message_count AS messageCount, n.created_at AS createdAt, n.updated_at AS updatedAt`;

/** The fields that differ between a team's notifications of one event; the rest is the same text for all. */
export type PerAgentFields = Pick<NotificationRow, 'id' | 'seq' | 'alertedSeq'>;
type CommonFields = Omit<NotificationRow, keyof PerAgentFields>;

/**
 * The part of the JSON that a team's notifications have in common. It is put together from text: the content, which is
 * most of it, is stored as JSON, and parsing it would be most of the cost of notifying a team.
 */
export function commonJson(row: CommonFields): string {
  const settledBy = row.settledBy === null ? 'null' : `{"name":${JSON.stringify(row.settledBy)}}`;
  return (
    `"reason":"${row.reason}","state":"${row.state}","settledBy":${settledBy},"why":"${row.why}",` +
    `${withOrigin(row.content).slice(1, -1)},"messageCount":${row.messageCount},` +
    `"createdAt":"${new Date(row.createdAt).toISOString()}","updatedAt":"${new Date(row.updatedAt).toISOString()}"`
  );
}

/**
 * Content that an older version stored does not say where its conversation came from. Within a JSON string a quotation
 * mark is escaped, so the name with its quotation marks is found only as a member.
 */
const withOrigin = (content: string): string =>
  content.includes('"source":')
    ? content
    : content.replace('"conversation":{', '"conversation":{"source":null,"ref":null,');

/** The data of a stream's event: a notification, and the agent's unread count. */
export const eventJson = ({ id, seq, alertedSeq }: PerAgentFields, common: string, unread: number): string =>
  `{"id":"${id}","seq":${seq},"alert":${alertedSeq === seq},"alertedSeq":${alertedSeq},${common},"unread":${unread}}`;

export function notificationOf(row: NotificationRow): Notification {
  const { unread: _, ...notification } = JSON.parse(eventJson(row, commonJson(row), 0)) as Notification & {
    unread: number;
  };
  return notification;
}
