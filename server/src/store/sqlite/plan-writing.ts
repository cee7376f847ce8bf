import { randomUUID } from 'node:crypto';
import type { Reason, Why } from '@converso/shared';
import type { Change, OpenNotification, Plan } from '../../domain/plan.ts';
import type { AgentKey } from '../../ports.ts';
import type { Db } from './database.ts';
import { nextSeq } from './seq.ts';
import type { Work } from './work.ts';

interface OpenRow {
  key: number;
  agentKey: AgentKey;
  contentId: number;
  reason: Reason;
  why: Why;
  messageCount: number;
}

const openRows = (db: Db, conversationKey: number): OpenRow[] =>
  db
    .sql<OpenRow>(
      `SELECT key, agent_key AS agentKey, content_id AS contentId, reason, why, message_count AS messageCount
       FROM notifications WHERE conversation_key = ? AND state = 'open'`,
    )
    .all(conversationKey);

const contentOf = (db: Db, id: number): string =>
  db.sql<string>('SELECT data FROM contents WHERE id = ?').pluck().get(id) as string;

/** The open notifications of a conversation, as the planner wants them. Their `id` is the row's key. */
export function openNotifications(db: Db, conversationKey: number): OpenNotification[] {
  const contents = new Map<number, string>();
  return openRows(db, conversationKey).map(({ key, contentId, ...row }) => {
    const content = contents.get(contentId) ?? contentOf(db, contentId);
    contents.set(contentId, content);
    return { ...row, id: String(key), content };
  });
}

/** Writes a plan's changes, each with its agent's next seq, agents in one order so that no two writers block each other. */
export function writeChanges({ db, now }: Work, conversationKey: number, { changes, content }: Plan): void {
  if (changes.length === 0) return;
  const replaced = new Set<number>();
  let contentId: number | null = null;
  const newContent = (): number => {
    contentId ??= Number(db.sql('INSERT INTO contents (data) VALUES (?)').run(JSON.stringify(content)).lastInsertRowid);
    return contentId;
  };

  // An agent's old notification ends before their next one begins: the sort keeps the planner's order.
  for (const change of changes.toSorted((a, b) => a.agentKey - b.agentKey)) {
    const seq = nextSeq(db, change.agentKey);
    if (change.op === 'end') end(db, change, seq, now);
    else if (change.op === 'insert') insert(db, change, conversationKey, newContent(), seq, now);
    else replaced.add(update(db, change, newContent(), seq, now));
  }
  for (const id of replaced) dropUnused(db, id);
}

function insert(
  db: Db,
  change: Extract<Change, { op: 'insert' }>,
  conversationKey: number,
  contentId: number,
  seq: number,
  now: number,
): void {
  const { agentKey, reason, why, messageCount, alert } = change;
  db.sql(
    `INSERT INTO notifications (id, agent_key, conversation_key, content_id, reason, why, state, seq, alerted_seq,
       message_count, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)`,
  ).run(randomUUID(), agentKey, conversationKey, contentId, reason, why, seq, alert ? seq : 0, messageCount, now, now);
}

/** Returns the content that the row showed before. */
function update(
  db: Db,
  { id, reason, why, messageCount, alert }: Extract<Change, { op: 'update' }>,
  contentId: number,
  seq: number,
  now: number,
): number {
  const before = db.sql('SELECT content_id FROM notifications WHERE key = ?').pluck().get(Number(id)) as number;
  db.sql(
    `UPDATE notifications SET content_id = ?, reason = ?, why = ?, seq = ?,
       alerted_seq = CASE WHEN ? THEN ? ELSE alerted_seq END, message_count = ?, updated_at = ? WHERE key = ?`,
  ).run(contentId, reason, why, seq, alert ? 1 : 0, seq, messageCount, now, Number(id));
  return before;
}

function end(db: Db, { id, state, settledBy }: Extract<Change, { op: 'end' }>, seq: number, now: number): void {
  db.sql('UPDATE notifications SET state = ?, settled_by = ?, seq = ?, updated_at = ? WHERE key = ?').run(
    state,
    settledBy,
    seq,
    now,
    Number(id),
  );
}

/** A content that no notification shows any more is of no use; ended notifications keep theirs. */
const dropUnused = (db: Db, id: number): void => {
  db.sql(
    'DELETE FROM contents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM notifications WHERE content_id = contents.id)',
  ).run(id);
};
