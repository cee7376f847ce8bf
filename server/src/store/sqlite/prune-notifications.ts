/**
 * Prunes ended notifications, and the contents that only they showed. Rows are read by agent and seq. An agent's
 * notifications ended in the order of their seqs, so the oldest one is the agent's first row.
 */
import { SNAPSHOT_LATEST } from '@converso/shared';
import type { PruneBatch, Pruned } from '../../ports/retention-store.ts';
import type { AgentKey } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { type SweptRow, sweepInTime } from './sweep.ts';

/** Removes ended notifications, except each agent's latest, which a snapshot shows. The cursor is an agent and a seq. */
export function pruneNotifications(db: Db, batch: PruneBatch): Pruned {
  let [agentKey = 0, seq = 0] = batch.after ?? [];
  let removed = 0;
  // Looking at an agent costs as much as a row, so an agent with nothing to remove counts as one.
  for (let left = batch.limit; left > 0; ) {
    const agent = agentFrom(db, agentKey);
    if (agent === null) return { removed, next: null };
    const rows = endedBetween(db, agent, seq, latestFrom(db, agent), left);
    const swept = sweepInTime(rows, { ...batch, limit: left }, (old) => remove(db, agent, old));
    removed += swept.removed;
    left -= Math.max(1, swept.looked);
    [agentKey, seq] = swept.next === null ? [agent + 1, 0] : [agent, swept.next[0]!];
  }
  return { removed, next: [agentKey, seq] };
}

interface Row extends SweptRow {
  conversationKey: number;
  contentId: number;
}

const agentFrom = (db: Db, key: AgentKey): AgentKey | null =>
  db.sql<AgentKey>('SELECT key FROM agents WHERE key >= ? ORDER BY key LIMIT 1').pluck().get(key) ?? null;

/** The seq of the oldest ended notification that is kept; 0 if all are kept. */
const latestFrom = (db: Db, agentKey: AgentKey): number =>
  db
    .sql<number>('SELECT seq FROM notifications WHERE agent_key = ? AND ended > 0 ORDER BY seq DESC LIMIT 1 OFFSET ?')
    .pluck()
    .get(agentKey, SNAPSHOT_LATEST - 1) ?? 0;

const endedBetween = (db: Db, agentKey: AgentKey, seq: number, end: number, limit: number): Iterable<Row> =>
  db
    .sql<Row>(
      `SELECT seq AS row, updated_at AS at, conversation_key AS conversationKey, content_id AS contentId
       FROM notifications WHERE agent_key = ? AND ended > 0 AND seq > ? AND seq < ? ORDER BY seq LIMIT ?`,
    )
    .iterate(agentKey, seq, end, limit);

/**
 * A device that missed the end of one of these notifications can no longer read it. Cursors from before the last of them
 * therefore count as unknown, and such a device gets a snapshot.
 */
function remove(db: Db, agentKey: AgentKey, old: readonly Row[]): number {
  const last = old.at(-1);
  if (last === undefined) return 0;
  db.sql('DELETE FROM notifications WHERE agent_key = ? AND ended > 0 AND seq IN (SELECT value FROM json_each(?))').run(
    agentKey,
    JSON.stringify(old.map(({ row }) => row)),
  );
  db.sql('UPDATE agents SET replay_floor = max(replay_floor, ?) WHERE key = ?').run(last.row, agentKey);
  const contents = new Map(old.map(({ contentId, conversationKey }) => [contentId, conversationKey]));
  for (const [contentId, conversationKey] of contents) dropUnused(db, conversationKey, contentId);
  return old.length;
}

/**
 * Removes a content once no ended notification shows it; all that show it are of one conversation. An open notification
 * may still show it: it is written again when that one ends.
 */
function dropUnused(db: Db, conversationKey: number, contentId: number): void {
  const { changes } = db
    .sql(
      `DELETE FROM contents WHERE id = :contentId AND NOT EXISTS (SELECT 1 FROM notifications
         WHERE conversation_key = :conversationKey AND ended > 0 AND content_id = :contentId)`,
    )
    .run({ contentId, conversationKey });
  if (changes === 0) return;
  db.sql('UPDATE conversations SET content_id = NULL WHERE key = ? AND content_id = ?').run(conversationKey, contentId);
}
