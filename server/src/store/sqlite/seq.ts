import type { AgentKey } from '../../ports.ts';
import type { Db } from './database.ts';

/** The next number of the agent's sequence. The row stays locked until the commit, so commits are in its order. */
export const nextSeq = (db: Db, agentKey: AgentKey): number =>
  db.sql('UPDATE agents SET seq = seq + 1 WHERE key = ? RETURNING seq').pluck().get(agentKey) as number;

/** The last number that was given. */
export const seqOf = (db: Db, agentKey: AgentKey): number =>
  db.sql('SELECT seq FROM agents WHERE key = ?').pluck().get(agentKey) as number;
