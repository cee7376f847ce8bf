import type { Session } from '@converso/shared';
import { and, asc, eq } from 'drizzle-orm';
import { KEPT_FOR } from '../../domain/retention.ts';
import type { Affected, AgentKey, Caller, Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { agents, sessions } from './schema/index.ts';
import { nobodyAffected } from './unit-of-work.ts';

/** A session that is not used for this long (milliseconds) has expired. */
export const SESSION_IDLE_MS = KEPT_FOR.sessions;

/** The use of a session is noted at most this often (milliseconds), so that not every request is a write. */
const NOTE_USE_EVERY_MS = 60_000;

interface CallerRow {
  sessionId: string;
  lastUsedAt: Millis;
  agentKey: AgentKey;
  businessId: string;
  id: string;
  name: string;
  email: string;
  role: 'agent' | 'admin';
}

/** The session of a token, if it is valid, and whether its use should be noted. */
export function callerOf(db: Db, tokenHash: string, now: Millis): { caller: Caller; noteUse: boolean } | null {
  const row = db
    .sql<CallerRow>(
      `SELECT s.id AS sessionId, s.last_used_at AS lastUsedAt, a.key AS agentKey, a.business_id AS businessId,
         a.id, a.name, a.email, a.role
       FROM sessions s JOIN agents a ON a.key = s.agent_key
       WHERE s.token_hash = ? AND s.last_used_at > ? AND a.active = 1`,
    )
    .get(tokenHash, now - SESSION_IDLE_MS);
  if (row === undefined) return null;
  const { sessionId, lastUsedAt, agentKey, businessId, ...agent } = row;
  return { caller: { sessionId, agentKey, businessId, agent }, noteUse: now - lastUsedAt >= NOTE_USE_EVERY_MS };
}

export const noteUse = (db: Db, sessionId: string, now: Millis): void => {
  db.sql('UPDATE sessions SET last_used_at = ? WHERE id = ?').run(now, sessionId);
};

/** The agent's sessions, oldest first, without those that have expired; the caller's own, just used, tells the time. */
export function sessionsOf({ orm }: Db, { agentKey, sessionId }: Caller): Session[] {
  const rows = orm
    .select()
    .from(sessions)
    .where(eq(sessions.agentKey, agentKey))
    .orderBy(asc(sessions.createdAt), asc(sessions.id))
    .all();
  const now = rows.find(({ id }) => id === sessionId)?.lastUsedAt ?? 0;
  return rows
    .filter(({ lastUsedAt }) => lastUsedAt > now - SESSION_IDLE_MS)
    .map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      createdAt: new Date(createdAt).toISOString(),
      lastUsedAt: new Date(lastUsedAt).toISOString(),
      current: id === sessionId,
    }));
}

/** Ends one session of the agent's own. */
export function endSession(
  { orm }: Db,
  { agentKey }: Caller,
  sessionId: string,
): { ended: boolean; affected: Affected } {
  const { changes } = orm
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.agentKey, agentKey)))
    .run();
  const ended = changes > 0;
  return { ended, affected: ended ? { agents: [agentKey], groups: [] } : nobodyAffected() };
}

/** Ends all sessions of an agent, on the operator's word. */
export function signOut(
  { orm }: Db,
  businessId: string,
  agentId: string,
): { found: boolean; ended: number; affected: Affected } {
  const agent = orm
    .select({ key: agents.key })
    .from(agents)
    .where(and(eq(agents.businessId, businessId), eq(agents.id, agentId)))
    .get();
  if (agent === undefined) return { found: false, ended: 0, affected: nobodyAffected() };
  const { changes } = orm.delete(sessions).where(eq(sessions.agentKey, agent.key)).run();
  return { found: true, ended: changes, affected: { agents: [agent.key], groups: [] } };
}
