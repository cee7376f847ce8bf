import type { Planner } from '../../domain/plan.ts';
import type { Affected, AgentKey, GroupKey, Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import type { PerAgentFields } from './notification-row.ts';

/** A change of one agent's notification, as streams show it. */
export interface Revision {
  agentKey: AgentKey;
  perAgent: PerAgentFields;
  /** How many open notifications the agent has. */
  unread: number;
  /** The part of the JSON that it has in common with other agents' revisions of the same event; see `commonJson`. */
  common: string;
}

/** The result of a write, and what it means for open streams. */
export interface WriteResult<Result> {
  result: Result;
  /** Changes of notifications that streams can show from memory. */
  revisions: readonly Revision[];
  /** Agents about whom anything else was written, such as the end of a session: their streams must read the store. */
  mustRead: readonly AgentKey[];
}

/** The result of a write that changes nothing that a stream shows or depends on. */
export const streamsUnaffected = <Result>(result: Result): WriteResult<Result> => ({
  result,
  revisions: [],
  mustRead: [],
});

/** The result of a write after which the streams of the agents that it concerns must read. */
export const streamsMustRead = <Result extends { affected: Affected }>(result: Result): WriteResult<Result> => ({
  result,
  revisions: [],
  mustRead: result.affected.agents,
});

/** One write while it runs: what it works with, and which agents and groups it concerns so far. */
export interface UnitOfWork {
  db: Db;
  businessId: string;
  planner: Planner;
  /** When the event arrived. */
  now: Millis;
  affected: { agents: Set<AgentKey>; groups: Set<GroupKey> };
  /** Only of agents who have an open stream, in the order of each agent's seq. */
  revisions: Revision[];
}

export const beginUnitOfWork = (db: Db, businessId: string, planner: Planner, now: Millis): UnitOfWork => ({
  db,
  businessId,
  planner,
  now,
  affected: { agents: new Set(), groups: new Set() },
  revisions: [],
});

export const affectedBy = ({ affected }: UnitOfWork): Affected => ({
  agents: [...affected.agents],
  groups: [...affected.groups],
});

export const nobodyAffected = (): Affected => ({ agents: [], groups: [] });

/** Why an event was refused: it names something that does not exist or is not allowed. Nothing was written. */
export interface Refusal {
  field: string;
  message: string;
}
