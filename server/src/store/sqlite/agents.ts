import type { Agent } from '@converso/shared';
import { emailKeyOf } from '../../domain/email-key.ts';
import { joinsCompany } from '../../domain/membership.ts';
import { isNewer, type Stamp } from '../../domain/stamps.ts';
import type { AgentKey } from '../../ports/types.ts';
import { addCounters } from './counters.ts';
import type { Db } from './database.ts';
import { conversationsOf, giveWaiting, leaveConversations } from './membership.ts';
import { activeAgent } from './people.ts';
import type { Refusal, UnitOfWork } from './unit-of-work.ts';

interface StoredAgent extends Omit<Stamp, 'removed'> {
  key: AgentKey;
  emailKey: string;
  removed: boolean;
}

function storedAgent(db: Db, businessId: string, id: string): StoredAgent | null {
  const row = db
    .sql<{ key: AgentKey; active: number; emailKey: string; at: number; eventId: string }>(
      'SELECT key, active, email_key AS emailKey, saved_at AS at, saved_by AS eventId FROM agents WHERE business_id = ? AND id = ?',
    )
    .get(businessId, id);
  return row === undefined ? null : { ...row, removed: row.active === 0 };
}

/**
 * Adds, changes or brings back an agent, unless something newer is known. An agent who joins is notified silently of the
 * chats that wait. If the email changes, the agent's sessions end: they were proved by the former address.
 */
export function saveAgent(work: UnitOfWork, agent: Agent, stamp: Stamp): Refusal | null {
  const { db, businessId } = work;
  const stored = storedAgent(db, businessId, agent.id);
  if (stored !== null && !isNewer(stamp, stored)) return null;
  const holder = db
    .sql('SELECT 1 FROM agents WHERE business_id = ? AND email_key = ? AND active = 1 AND id <> ?')
    .get(businessId, emailKeyOf(agent.email), agent.id);
  if (holder !== undefined) return { field: 'data.agent.email', message: 'is the email of another agent' };

  writeAgent(work, agent, stamp);
  if (stored !== null && stored.emailKey !== emailKeyOf(agent.email)) endSessions(work, stored.key);
  if (joinsCompany(stored)) {
    const joined = activeAgent(db, businessId, agent.id)!;
    for (const groupKey of groupKeysOf(db, businessId, agent.id)) giveWaiting(work, groupKey, [joined]);
  }
  for (const groupKey of groupKeysOf(db, businessId, agent.id)) work.affected.groups.add(groupKey);
  return null;
}

/**
 * Deactivates an agent, unless something newer is known. The agent's sessions end and the agent's chats become
 * unassigned; the teams of chats that wait are notified.
 */
export function removeAgent(work: UnitOfWork, id: string, stamp: Stamp): void {
  const { db, businessId, affected } = work;
  const stored = storedAgent(db, businessId, id);
  if (stored !== null && !isNewer(stamp, stored)) return;
  if (stored === null) {
    writeAgent(work, { id, name: '', email: '', role: 'agent' }, stamp);
    return;
  }
  db.sql('UPDATE agents SET active = 0, saved_at = ?, saved_by = ? WHERE key = ?').run(
    stamp.at,
    stamp.eventId,
    stored.key,
  );
  db.directory.forget();
  endSessions(work, stored.key);
  for (const groupKey of groupKeysOf(db, businessId, id)) affected.groups.add(groupKey);
  leaveConversations(work, new Set([id]), conversationsOf(db, stored.key), stamp);
}

/** Ends all sessions of an agent. Their streams end at the next wakeup. */
function endSessions({ db, affected }: UnitOfWork, agentKey: AgentKey): void {
  db.sql('DELETE FROM sessions WHERE agent_key = ?').run(agentKey);
  affected.agents.add(agentKey);
}

function writeAgent({ db, businessId }: UnitOfWork, { id, name, email, role }: Agent, stamp: Stamp): void {
  const key = db
    .sql<AgentKey>(
      `INSERT INTO agents (business_id, id, name, email, email_key, role, active, saved_at, saved_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email,
         email_key = excluded.email_key,
         mail_suppressed = CASE WHEN email_key = excluded.email_key THEN mail_suppressed END, role = excluded.role,
         active = excluded.active, saved_at = excluded.saved_at, saved_by = excluded.saved_by RETURNING key`,
    )
    .pluck()
    .get(businessId, id, name, email, emailKeyOf(email), role, stamp.removed ? 0 : 1, stamp.at, stamp.eventId);
  addCounters(db, key as AgentKey);
  db.directory.forget();
}

/** The groups whose team the agent is in. */
export const groupKeysOf = (db: Db, businessId: string, agentId: string): number[] =>
  db
    .sql<number>(
      `SELECT g.key FROM group_members m JOIN groups g ON g.key = m.group_key AND g.active = 1
       WHERE m.business_id = ? AND m.agent_id = ?`,
    )
    .pluck()
    .all(businessId, agentId);
