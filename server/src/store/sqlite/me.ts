import type { Me, Preferences, PreferencesPatch } from '@converso/shared';
import { and, asc, eq } from 'drizzle-orm';
import type { AgentKey, Caller, GroupKey, Millis, Touched } from '../../ports.ts';
import type { Db } from './database.ts';
import { agentById } from './people.ts';
import { agents, businesses, groupMembers, groups } from './schema/index.ts';
import { nextSeq } from './seq.ts';
import { nobodyTouched } from './work.ts';

const agentColumns = { id: agents.id, name: agents.name, email: agents.email, role: agents.role };

const businessColumns = { id: businesses.id, name: businesses.name, timeZone: businesses.timeZone };

export const preferenceColumns = {
  messageNotifications: agents.messageNotifications,
  assistantChats: agents.assistantChats,
  unrepliedEmails: agents.unrepliedEmails,
};

/** Who the agent is, in which groups, and what they prefer. */
export function meOf({ orm }: Db, agentKey: AgentKey): Omit<Me, 'inbox'> {
  const me = orm
    .select({ agent: agentColumns, business: businessColumns, preferences: preferenceColumns })
    .from(agents)
    .innerJoin(businesses, eq(businesses.id, agents.businessId))
    .where(eq(agents.key, agentKey))
    .get();
  return { ...me!, groups: groupsOf({ orm }, agentKey).map(({ id, name }) => ({ id, name })) };
}

/** The groups in whose team the agent is, by name. */
export const groupsOf = ({ orm }: Pick<Db, 'orm'>, agentKey: AgentKey): { key: GroupKey; id: string; name: string }[] =>
  orm
    .select({ key: groups.key, id: groups.id, name: groups.name })
    .from(agents)
    .innerJoin(groups, and(eq(groups.businessId, agents.businessId), eq(groups.active, true)))
    .innerJoin(groupMembers, and(eq(groupMembers.groupKey, groups.key), eq(groupMembers.agentId, agents.id)))
    .where(eq(agents.key, agentKey))
    .orderBy(asc(groups.name), asc(groups.id))
    .all();

interface Preferred {
  preferences: Preferences;
  touched: Touched;
}

/** Changes an agent's preferences; every device is told, unless nothing is different. To run inside a transaction. */
export function setPreferences(db: Db, agentKey: AgentKey, patch: PreferencesPatch): Preferred {
  const before = db.orm.select(preferenceColumns).from(agents).where(eq(agents.key, agentKey)).get()!;
  const preferences: Preferences = {
    messageNotifications: patch.messageNotifications ?? before.messageNotifications,
    assistantChats: patch.assistantChats ?? before.assistantChats,
    unrepliedEmails: patch.unrepliedEmails ?? before.unrepliedEmails,
  };
  if (JSON.stringify(preferences) === JSON.stringify(before)) return { preferences, touched: nobodyTouched() };
  const preferencesSeq = nextSeq(db, agentKey);
  db.directory.forget();
  db.orm
    .update(agents)
    .set({ ...preferences, preferencesSeq })
    .where(eq(agents.key, agentKey))
    .run();
  return { preferences, touched: { agents: [agentKey], groups: [] } };
}

/** The same for one preference of an agent who is not signed in; an unknown one changes nothing. */
export function setUnrepliedEmails(db: Db, businessId: string, agentId: string, on: boolean): { touched: Touched } {
  const agent = agentById(db, businessId, agentId);
  if (agent === null) return { touched: nobodyTouched() };
  return { touched: setPreferences(db, agent.key, { unrepliedEmails: on }).touched };
}

/** A device opens a stream seldom enough to be remembered each time, but reconnects may come in storms. */
const CONNECTED_EVERY_MS = 60_000;

/** Whether noting the connection would tell the operator anything new. */
export function isNewsThatConnected(db: Db, { agentKey }: Caller, now: Millis): boolean {
  const at = db.sql<number | null>('SELECT last_connected_at FROM agents WHERE key = ?').pluck().get(agentKey);
  return at === null || (at !== undefined && now - (at as number) >= CONNECTED_EVERY_MS);
}

export const noteConnected = (db: Db, { agentKey }: Caller, now: Millis): void => {
  db.sql('UPDATE agents SET last_connected_at = ? WHERE key = ?').run(now, agentKey);
};
