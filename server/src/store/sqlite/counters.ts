/** The agents' counters (table `tallies`): the sequence that orders an agent's changes, and the open notifications. */
import type { AgentKey } from '../../ports/types.ts';
import type { Db } from './database.ts';

export interface Counters {
  seq: number;
  unread: number;
}

/**
 * Gives each of these agents their next seq, and adds `opened` to their unread count.
 * @param agentKeys every agent at most once
 */
export function bumpCounters(db: Db, agentKeys: readonly AgentKey[], opened: -1 | 0 | 1): Map<AgentKey, Counters> {
  const rows = db
    .sql<[AgentKey, number, number]>(
      `UPDATE tallies SET seq = seq + 1, unread = unread + ? WHERE agent_key IN (SELECT value FROM json_each(?))
       RETURNING agent_key, seq, unread`,
    )
    .raw()
    .all(opened, JSON.stringify(agentKeys));
  return new Map(rows.map(([agentKey, seq, unread]) => [agentKey, { seq, unread }]));
}

/** One agent's next seq, for a change that is not a notification. */
export const nextSeq = (db: Db, agentKey: AgentKey): number => bumpCounters(db, [agentKey], 0).get(agentKey)!.seq;

/** The counters of an agent, who must exist. */
export const countersOf = (db: Db, agentKey: AgentKey): Counters =>
  db.sql<Counters>('SELECT seq, unread FROM tallies WHERE agent_key = ?').get(agentKey)!;

/** Adds the counters of a new agent; counters that exist stay as they are. */
export const addCounters = (db: Db, agentKey: AgentKey): void => {
  db.sql('INSERT INTO tallies (agent_key) VALUES (?) ON CONFLICT DO NOTHING').run(agentKey);
};
