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
  /** What it shares with those of everybody else who is told, as stored (JSON). */
  content: string;
}

/** Of the table under the alias `n`; all but the content. */
export const NOTIFICATION_COLUMNS = `n.id, n.seq, n.alerted_seq AS alertedSeq, n.reason, n.why, n.state,
  n.settled_by AS settledBy, n.message_count AS messageCount, n.created_at AS createdAt, n.updated_at AS updatedAt`;

/** What a team's notifications of one event have each for itself; the rest is the same text for all. */
export type PerAgentFields = Pick<NotificationRow, 'id' | 'seq' | 'alertedSeq'>;
type CommonFields = Omit<NotificationRow, keyof PerAgentFields>;

/**
 * The part of a notification's JSON that a team's have in common. Put together from text, because the content, which is
 * most of it, is JSON already: parsing it to write it again would be most of what telling a team costs.
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

/** The data of a stream's event: a notification, with how many are open. */
export const eventJson = ({ id, seq, alertedSeq }: PerAgentFields, common: string, unread: number): string =>
  `{"id":"${id}","seq":${seq},"alert":${alertedSeq === seq},"alertedSeq":${alertedSeq},${common},"unread":${unread}}`;

export function notificationOf(row: NotificationRow): Notification {
  const { unread: _, ...notification } = JSON.parse(eventJson(row, commonJson(row), 0)) as Notification & {
    unread: number;
  };
  return notification;
}
