/**
 * How ended notifications go: all that retention asks of the tables `notifications` and `contents`. A row is known
 * by its agent and seq, in whose order they ended; so what an agent's bell lost first is their first row, and the walk
 * goes from agent to agent.
 */
import { SNAPSHOT_LATEST } from '@converso/shared';
import type { Pruned, PruneStep } from '../../ports/retention-store.ts';
import type { AgentKey } from '../../ports/store.ts';
import type { Db } from './database.ts';
import { type Walked, walkInTime } from './walk.ts';

/** Removes ended notifications but for the agent's latest, which a snapshot shows. The place is an agent and a seq. */
export function pruneNotifications(db: Db, step: PruneStep): Pruned {
  let [agentKey = 0, seq = 0] = step.after ?? [];
  let removed = 0;
  // An agent of whom nothing goes counts as a row as well, for looking at them takes as long.
  for (let left = step.limit; left > 0; ) {
    const agent = agentFrom(db, agentKey);
    if (agent === null) return { removed, next: null };
    const rows = endedBetween(db, agent, seq, latestFrom(db, agent), left);
    const walked = walkInTime(rows, { ...step, limit: left }, (old) => remove(db, agent, old));
    removed += walked.removed;
    left -= Math.max(1, walked.looked);
    [agentKey, seq] = walked.next === null ? [agent + 1, 0] : [agent, walked.next[0]!];
  }
  return { removed, next: [agentKey, seq] };
}

interface Row extends Walked {
  conversationKey: number;
  contentId: number;
}

const agentFrom = (db: Db, key: AgentKey): AgentKey | null =>
  db.sql<AgentKey>('SELECT key FROM agents WHERE key >= ? ORDER BY key LIMIT 1').pluck().get(key) ?? null;

/** The seq of the first of the latest ended ones; 0 if there are no others. */
const latestFrom = (db: Db, agentKey: AgentKey): number =>
  db
    .sql<number>('SELECT seq FROM notifications WHERE agent_key = ? AND ended > 0 ORDER BY seq DESC LIMIT 1 OFFSET ?')
    .pluck()
    .get(agentKey, SNAPSHOT_LATEST - 1) ?? 0;

const endedBetween = (db: Db, agentKey: AgentKey, seq: number, end: number, limit: number): Iterable<Row> =>
  db
    .sql<Row>(
      `SELECT seq AS place, updated_at AS at, conversation_key AS conversationKey, content_id AS contentId
       FROM notifications WHERE agent_key = ? AND ended > 0 AND seq > ? AND seq < ? ORDER BY seq LIMIT ?`,
    )
    .iterate(agentKey, seq, end, limit);

/**
 * A device that has not seen the end of one of these would never learn of it, so cursors from before the last of
 * them are of no use any more: such a device gets a snapshot.
 */
function remove(db: Db, agentKey: AgentKey, old: readonly Row[]): number {
  const last = old.at(-1);
  if (last === undefined) return 0;
  db.sql('DELETE FROM notifications WHERE agent_key = ? AND ended > 0 AND seq IN (SELECT value FROM json_each(?))').run(
    agentKey,
    JSON.stringify(old.map(({ place }) => place)),
  );
  db.sql('UPDATE agents SET replay_floor = max(replay_floor, ?) WHERE key = ?').run(last.place, agentKey);
  const contents = new Map(old.map(({ contentId, conversationKey }) => [contentId, conversationKey]));
  for (const [contentId, conversationKey] of contents) dropUnused(db, conversationKey, contentId);
  return old.length;
}

/**
 * What ended notifications showed goes with the last of them, who are all of one conversation. Should that still show
 * it to somebody, it is written anew when theirs ends.
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
