/**
 * Reads what is open in a conversation and writes what a plan makes of it. A team is told by a handful of statements,
 * whatever its size: the agents go to SQLite as one list.
 */
import { randomUUID } from 'node:crypto';
import type { Change, OpenNotification } from '../../domain/plan.ts';
import type { AgentKey } from '../../ports/types.ts';
import type { Conversation } from './conversations.ts';
import { bumpCounters, type Counters } from './counters.ts';
import type { Db } from './database.ts';
import { commonJson, type NotificationRow } from './notification-row.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** An open notification with all that a revision of it says. */
export type OpenRow = OpenNotification & Pick<NotificationRow, 'alertedSeq' | 'createdAt'>;

type ChangeOf<Op extends Change['op']> = Extract<Change, { op: Op }>;

/** The open notifications of a conversation. */
export function openNotifications(db: Db, { key, shown }: Conversation): OpenRow[] {
  if (key === null || shown === null) return [];
  return db
    .sql<Omit<OpenRow, 'content'>>(
      `SELECT id, agent_key AS agentKey, reason, why, message_count AS messageCount, alerted_seq AS alertedSeq,
         created_at AS createdAt
       FROM notifications WHERE conversation_key = ? AND ended = 0`,
    )
    .all(key)
    .map((row) => ({ ...row, content: shown }));
}

/** What the conversation showed before the changes, and what its notifications show after them. */
export interface WriteContext {
  open: readonly OpenRow[];
  /** What open ones show from now on (JSON). */
  shown: string | null;
  /** The row that keeps what those show that end. */
  kept: number | null;
}

/** Writes changes, each with its agent's next seq. An agent's old notification ends before their next one begins. */
export function writeChanges(
  work: UnitOfWork,
  conversationKey: number,
  changes: readonly Change[],
  { open, shown, kept }: WriteContext,
): void {
  const rows = new Map(open.map((row) => [row.agentKey, row]));
  for (const alike of groupAlike(changes.filter((change) => change.op === 'end'))) {
    end(work, conversationKey, alike, rows, kept);
  }
  for (const alike of groupAlike(changes.filter((change) => change.op === 'insert'))) {
    insert(work, conversationKey, alike, shown!);
  }
  for (const alike of groupAlike(changes.filter((change) => change.op === 'update'))) {
    update(work, conversationKey, alike, rows, shown!);
  }
}

/** Changes that are the same but for whose they are, so that one statement writes them. */
const groupAlike = <Each extends Change>(changes: readonly Each[]): Each[][] => [
  ...Map.groupBy(changes, (change) =>
    change.op === 'end'
      ? `${change.state} ${change.settledBy ?? ''}`
      : `${change.reason} ${change.why} ${change.messageCount} ${change.alert}`,
  ).values(),
];

const keysOf = (changes: readonly Change[]): AgentKey[] => changes.map(({ agentKey }) => agentKey);

/** A list of agents as a parameter of SQLite's. */
const listOf = (changes: readonly Change[]): string => JSON.stringify(keysOf(changes));

function end(
  work: UnitOfWork,
  conversationKey: number,
  ends: ChangeOf<'end'>[],
  rows: ReadonlyMap<AgentKey, OpenRow>,
  kept: number | null,
): void {
  const { db, now } = work;
  const { state, settledBy } = ends[0]!;
  const counters = bumpCounters(db, keysOf(ends), -1);
  db.sql(
    `UPDATE notifications SET state = :state, settled_by = :settledBy, content_id = :kept, updated_at = :now,
       seq = (SELECT seq FROM tallies t WHERE t.agent_key = notifications.agent_key),
       ended = (SELECT seq FROM tallies t WHERE t.agent_key = notifications.agent_key)
     WHERE conversation_key = :conversationKey AND ended = 0 AND agent_key IN (SELECT value FROM json_each(:agents))`,
  ).run({ state, settledBy, kept, now, conversationKey, agents: listOf(ends) });
  note(work, counters, (agentKey, seq) => ({ ...rows.get(agentKey)!, state, settledBy, seq, updatedAt: now }));
}

function insert(work: UnitOfWork, conversationKey: number, inserts: ChangeOf<'insert'>[], shown: string): void {
  const { db, now } = work;
  const { reason, why, messageCount, alert } = inserts[0]!;
  const counters = bumpCounters(db, keysOf(inserts), 1);
  const ids = inserts.map(() => randomUUID() as string);
  const agents = `{${inserts.map(({ agentKey }, index) => `"${ids[index]}":${agentKey}`).join()}}`;
  db.sql(
    `INSERT INTO notifications (conversation_key, ended, agent_key, id, reason, why, state, seq, alerted_seq,
       message_count, created_at, updated_at)
     SELECT :conversationKey, 0, t.agent_key, j.key, :reason, :why, 'open', t.seq, iif(:alert, t.seq, 0),
       :messageCount, :now, :now
     FROM json_each(:agents) j CROSS JOIN tallies t ON t.agent_key = j.value`,
  ).run({ conversationKey, reason, why, alert: alert ? 1 : 0, messageCount, now, agents });
  const told = { reason, why, messageCount, state: 'open', settledBy: null, content: shown } as const;
  const idOf = new Map(inserts.map(({ agentKey }, index) => [agentKey, ids[index]!]));
  note(work, counters, (agentKey, seq) => {
    const times = { createdAt: now, updatedAt: now };
    return { ...told, ...times, id: idOf.get(agentKey)!, seq, alertedSeq: alert ? seq : 0 };
  });
}

function update(
  work: UnitOfWork,
  conversationKey: number,
  updates: ChangeOf<'update'>[],
  rows: ReadonlyMap<AgentKey, OpenRow>,
  shown: string,
): void {
  const { db, now } = work;
  const { reason, why, messageCount, alert } = updates[0]!;
  const counters = bumpCounters(db, keysOf(updates), 0);
  db.sql(
    `UPDATE notifications SET reason = :reason, why = :why, message_count = :messageCount,
       seq = (SELECT seq FROM tallies t WHERE t.agent_key = notifications.agent_key),
       alerted_seq = iif(:alert, (SELECT seq FROM tallies t WHERE t.agent_key = notifications.agent_key), alerted_seq),
       updated_at = :now
     WHERE conversation_key = :conversationKey AND ended = 0 AND agent_key IN (SELECT value FROM json_each(:agents))`,
  ).run({
    reason,
    why,
    messageCount,
    alert: alert ? 1 : 0,
    now,
    conversationKey,
    agents: listOf(updates),
  });
  const told = { reason, why, messageCount, state: 'open', settledBy: null, content: shown } as const;
  note(work, counters, (agentKey, seq) => {
    const { id, createdAt, alertedSeq } = rows.get(agentKey)!;
    return { ...told, id, seq, alertedSeq: alert ? seq : alertedSeq, createdAt, updatedAt: now };
  });
}

/** Notes what was written, for those who watch. */
function note(
  { db, revisions }: UnitOfWork,
  counters: ReadonlyMap<AgentKey, Counters>,
  rowOf: (agentKey: AgentKey, seq: number) => NotificationRow,
): void {
  const commonTexts = new Map<string, string>();
  for (const [agentKey, { seq, unread }] of counters) {
    if (!db.changeCache.isWatched(agentKey)) continue;
    const row = rowOf(agentKey, seq);
    // What those that end together may differ in.
    const alike = `${row.createdAt} ${row.reason} ${row.why} ${row.messageCount}`;
    const common = commonTexts.get(alike) ?? commonJson(row);
    commonTexts.set(alike, common);
    const { id, alertedSeq } = row;
    revisions.push({ agentKey, perAgent: { id, seq, alertedSeq }, unread, common });
  }
}
