import type { Planner } from '../../domain/plan.ts';
import type { Affected, AgentKey, GroupKey, Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import type { PerAgentFields } from './notification-row.ts';

/** What one agent is shown from now on. */
export interface Revision {
  agentKey: AgentKey;
  perAgent: PerAgentFields;
  /** How many they have open. */
  unread: number;
  /** What it has in common with the others' of the same event; see `commonJson`. */
  common: string;
}

/** What a write came to, and what it told those who are watched. */
export interface WriteResult<Result> {
  result: Result;
  revisions: Revision[];
}

/** One write under way: what it works with, and whom it has concerned so far. */
export interface UnitOfWork {
  db: Db;
  businessId: string;
  planner: Planner;
  /** When it arrived. */
  now: Millis;
  affected: { agents: Set<AgentKey>; groups: Set<GroupKey> };
  /** Of agents whom somebody watches, in the order of each agent's seq. */
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

/** Why an event was refused: what it names does not exist or may not be. Nothing of it was written. */
export interface Refusal {
  field: string;
  message: string;
}

/** When and by which event a row was last saved or removed. */
export interface Stamp {
  /** The event's own time. */
  at: Millis;
  /** A removal dated like a save comes after it. */
  removed: boolean;
  eventId: string;
}

/** Whether an event is newer than what the row holds; equal times are ordered by type, then by id. */
export function isNewer(event: Stamp, stored: Stamp): boolean {
  if (event.at !== stored.at) return event.at > stored.at;
  if (event.removed !== stored.removed) return event.removed;
  return event.eventId > stored.eventId;
}
