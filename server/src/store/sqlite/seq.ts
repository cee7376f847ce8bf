/** The agents' tallies: the sequence that orders what each of them is told, and how much of it is open. */
import type { AgentKey } from '../../ports/store.ts';
import type { Db } from './database.ts';

export interface Tally {
  seq: number;
  unread: number;
}

/**
 * Gives each of these agents the next number of their sequence, and adds `opened` to how many are open. No agent may
 * be named twice. The rows stay locked until the commit, so commits are in the order of every sequence.
 */
export function count(db: Db, agentKeys: readonly AgentKey[], opened: -1 | 0 | 1): Map<AgentKey, Tally> {
  const rows = db
    .sql<[AgentKey, number, number]>(
      `UPDATE tallies SET seq = seq + 1, unread = unread + ? WHERE agent_key IN (SELECT value FROM json_each(?))
       RETURNING agent_key, seq, unread`,
    )
    .raw()
    .all(opened, JSON.stringify(agentKeys));
  return new Map(rows.map(([agentKey, seq, unread]) => [agentKey, { seq, unread }]));
}

/** The next number of one agent's sequence, for what is no notification. */
export const nextSeq = (db: Db, agentKey: AgentKey): number => count(db, [agentKey], 0).get(agentKey)!.seq;

export const tallyOf = (db: Db, agentKey: AgentKey): Tally =>
  db.sql<Tally>('SELECT seq, unread FROM tallies WHERE agent_key = ?').get(agentKey)!;

/** Begins the tally of a new agent. */
export const beginTally = (db: Db, agentKey: AgentKey): void => {
  db.sql('INSERT INTO tallies (agent_key) VALUES (?) ON CONFLICT DO NOTHING').run(agentKey);
};
