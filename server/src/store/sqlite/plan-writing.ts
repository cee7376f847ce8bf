import { randomUUID } from 'node:crypto';
import type { Reason, Why } from '@converso/shared';
import type { Change, OpenNotification, Plan } from '../../domain/plan.ts';
import type { AgentKey } from '../../ports.ts';
import type { Db } from './database.ts';
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

/**
 * Writes a plan's changes, each with its agent's next seq. A team is told by a handful of statements, whatever
 * its size: the changes go to SQLite as one list. An agent's old notification ends before their next one begins.
 */
export function writeChanges({ db, now }: Work, conversationKey: number, { changes, content }: Plan): void {
  const ends = changes.filter((change) => change.op === 'end');
  const inserts = changes.filter((change) => change.op === 'insert');
  const updates = changes.filter((change) => change.op === 'update');
  if (ends.length > 0) endAll(db, ends, now);
  if (inserts.length + updates.length === 0) return;

  nextSeqs(db, [...inserts, ...updates]);
  const contentId = Number(
    db.sql('INSERT INTO contents (data) VALUES (?)').run(JSON.stringify(content)).lastInsertRowid,
  );
  if (inserts.length > 0) insertAll(db, inserts, { conversationKey, contentId, now });
  if (updates.length > 0) updateAll(db, updates, { contentId, now });
}

type ChangeOf<Op extends Change['op']> = Extract<Change, { op: Op }>;

/** Gives each of these agents the next number of their sequence; no agent may be in it twice. */
const nextSeqs = (db: Db, changes: readonly Change[]): void => {
  db.sql('UPDATE agents SET seq = seq + 1 WHERE key IN (SELECT value FROM json_each(?))').run(
    JSON.stringify(changes.map(({ agentKey }) => agentKey)),
  );
};

function endAll(db: Db, ends: ChangeOf<'end'>[], now: number): void {
  nextSeqs(db, ends);
  db.sql(
    `UPDATE notifications SET state = c.value ->> 'state', settled_by = c.value ->> 'settledBy', seq = a.seq,
       updated_at = :now
     FROM json_each(:changes) c JOIN agents a ON a.key = c.value ->> 'agentKey'
     WHERE notifications.key = CAST(c.value ->> 'id' AS INTEGER)`,
  ).run({ changes: JSON.stringify(ends), now });
}

function insertAll(
  db: Db,
  inserts: ChangeOf<'insert'>[],
  { conversationKey, contentId, now }: { conversationKey: number; contentId: number; now: number },
): void {
  const rows = inserts.map((insert) => ({ ...insert, id: randomUUID() }));
  db.sql(
    `INSERT INTO notifications (id, agent_key, conversation_key, content_id, reason, why, state, seq, alerted_seq,
       message_count, created_at, updated_at)
     SELECT c.value ->> 'id', a.key, :conversationKey, :contentId, c.value ->> 'reason', c.value ->> 'why', 'open', a.seq,
       iif(c.value ->> 'alert', a.seq, 0), c.value ->> 'messageCount', :now, :now
     FROM json_each(:changes) c JOIN agents a ON a.key = c.value ->> 'agentKey'`,
  ).run({ changes: JSON.stringify(rows), conversationKey, contentId, now });
}

function updateAll(
  db: Db,
  updates: ChangeOf<'update'>[],
  { contentId, now }: { contentId: number; now: number },
): void {
  const replaced = db
    .sql<number>(
      `SELECT DISTINCT content_id FROM notifications
       WHERE key IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`,
    )
    .pluck()
    .all(JSON.stringify(updates.map(({ id }) => id)));
  db.sql(
    `UPDATE notifications SET content_id = :contentId, reason = c.value ->> 'reason', why = c.value ->> 'why',
       seq = a.seq, alerted_seq = iif(c.value ->> 'alert', a.seq, alerted_seq),
       message_count = c.value ->> 'messageCount', updated_at = :now
     FROM json_each(:changes) c JOIN agents a ON a.key = c.value ->> 'agentKey'
     WHERE notifications.key = CAST(c.value ->> 'id' AS INTEGER)`,
  ).run({ changes: JSON.stringify(updates), contentId, now });
  for (const id of replaced) dropUnused(db, id);
}

/** A content that no notification shows any more is of no use; ended notifications keep theirs. */
const dropUnused = (db: Db, id: number): void => {
  db.sql(
    'DELETE FROM contents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM notifications WHERE content_id = contents.id)',
  ).run(id);
};
