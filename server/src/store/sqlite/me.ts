import type { Agent, Preferences, PreferencesPatch } from '@converso/shared';
import { eq } from 'drizzle-orm';
import type { PluggedSource, StoredMe } from '../../ports/store.ts';
import type { Affected, AgentKey, Caller, GroupKey, Millis } from '../../ports/types.ts';
import { nextSeq } from './counters.ts';
import type { Db } from './database.ts';
import { agentById } from './people.ts';
import { agents } from './schema/index.ts';
import { nobodyAffected } from './unit-of-work.ts';

export const preferenceColumns = {
  messageNotifications: agents.messageNotifications,
  assistantChats: agents.assistantChats,
  unrepliedEmails: agents.unrepliedEmails,
};

interface MeRow extends Agent {
  businessId: string;
  businessName: string;
  timeZone: string;
  messageNotifications: number;
  assistantChats: number;
  unrepliedEmails: number;
}

/** The agent's profile, groups and preferences, as every snapshot contains them. */
export function meOf(db: Db, agentKey: AgentKey): StoredMe {
  const { id, name, email, role, businessId, businessName, timeZone, ...switches } = db
    .sql<MeRow>(
      `SELECT a.id, a.name, a.email, a.role, b.id AS businessId, b.name AS businessName, b.time_zone AS timeZone,
         a.message_notifications AS messageNotifications, a.assistant_chats AS assistantChats,
         a.unreplied_emails AS unrepliedEmails
       FROM agents a JOIN businesses b ON b.id = a.business_id WHERE a.key = ?`,
    )
    .get(agentKey)!;
  return {
    agent: { id, name, email, role },
    business: { id: businessId, name: businessName, timeZone },
    groups: groupsOf(db, agentKey).map((group) => ({ id: group.id, name: group.name })),
    preferences: {
      messageNotifications: switches.messageNotifications === 1,
      assistantChats: switches.assistantChats === 1,
      unrepliedEmails: switches.unrepliedEmails === 1,
    },
    sources: pluggedIn(db, businessId),
  };
}

/** The sources of a business by id. */
const pluggedIn = (db: Db, businessId: string): PluggedSource[] =>
  db
    .sql<{ id: string; kind: string; settings: string }>(
      'SELECT id, kind, settings FROM sources WHERE business_id = ? ORDER BY id',
    )
    .all(businessId)
    .map(({ settings, ...source }) => ({ ...source, settings: JSON.parse(settings) as unknown }));

/** The groups in whose team the agent is, by name. */
export const groupsOf = (db: Db, agentKey: AgentKey): { key: GroupKey; id: string; name: string }[] =>
  db
    .sql<{ key: GroupKey; id: string; name: string }>(
      `SELECT g.key, g.id, g.name FROM agents a
       JOIN group_members m ON m.business_id = a.business_id AND m.agent_id = a.id
       JOIN groups g ON g.key = m.group_key AND g.active = 1
       WHERE a.key = ? ORDER BY g.name, g.id`,
    )
    .all(agentKey);

interface Preferred {
  preferences: Preferences;
  affected: Affected;
}

/** Changes an agent's preferences. Every device gets them, unless nothing changed. To run inside a transaction. */
export function setPreferences(db: Db, agentKey: AgentKey, patch: PreferencesPatch): Preferred {
  const before = db.orm.select(preferenceColumns).from(agents).where(eq(agents.key, agentKey)).get()!;
  const preferences: Preferences = {
    messageNotifications: patch.messageNotifications ?? before.messageNotifications,
    assistantChats: patch.assistantChats ?? before.assistantChats,
    unrepliedEmails: patch.unrepliedEmails ?? before.unrepliedEmails,
  };
  if (JSON.stringify(preferences) === JSON.stringify(before)) return { preferences, affected: nobodyAffected() };
  const preferencesSeq = nextSeq(db, agentKey);
  db.directory.forget();
  db.orm
    .update(agents)
    .set({ ...preferences, preferencesSeq })
    .where(eq(agents.key, agentKey))
    .run();
  return { preferences, affected: { agents: [agentKey], groups: [] } };
}

/** Changes one preference of an agent who is not signed in. Does nothing for an unknown agent. */
export function setUnrepliedEmails(db: Db, businessId: string, agentId: string, on: boolean): { affected: Affected } {
  const agent = agentById(db, businessId, agentId);
  if (agent === null) return { affected: nobodyAffected() };
  return { affected: setPreferences(db, agent.key, { unrepliedEmails: on }).affected };
}

/** Connections are noted at most this often (milliseconds) for each agent, because devices may reconnect in storms. */
const CONNECTED_EVERY_MS = 60_000;

/** Whether the last noted connection is old enough to be replaced. */
export function shouldNoteConnected(db: Db, { agentKey }: Caller, now: Millis): boolean {
  const at = db.sql<number | null>('SELECT last_connected_at FROM agents WHERE key = ?').pluck().get(agentKey);
  return at === null || (at !== undefined && now - (at as number) >= CONNECTED_EVERY_MS);
}

export const noteConnected = (db: Db, { agentKey }: Caller, now: Millis): void => {
  db.sql('UPDATE agents SET last_connected_at = ? WHERE key = ?').run(now, agentKey);
};
