import type { AgentFacts, People as PlannedPeople } from '../../domain/audience.ts';
import type { GroupKey } from '../../ports.ts';
import type { Db } from './database.ts';

/** The business's people as far as one conversation concerns them, and its groups. */
export interface People extends PlannedPeople {
  agents: ReadonlyMap<string, AgentFacts>;
  groups: ReadonlyMap<string, GroupRef>;
}

export interface GroupRef {
  key: GroupKey;
  name: string;
  active: boolean;
}

interface AgentColumns {
  key: number;
  id: string;
  name: string;
  active: number;
  assistantChats: number;
}

const AGENT = 'a.key, a.id, a.name, a.active, a.assistant_chats AS assistantChats';

const agentFacts = (row: AgentColumns): AgentFacts => ({
  ...row,
  active: row.active === 1,
  assistantChats: row.assistantChats === 1,
});

/** An agent of the business, active or not. */
export function agentById(db: Db, businessId: string, id: string): AgentFacts | null {
  const row = db.sql<AgentColumns>(`SELECT ${AGENT} FROM agents a WHERE a.business_id = ? AND a.id = ?`);
  const found = row.get(businessId, id);
  return found === undefined ? null : agentFacts(found);
}

export const activeAgent = (db: Db, businessId: string, id: string): AgentFacts | null => {
  const agent = agentById(db, businessId, id);
  return agent?.active ? agent : null;
};

export function groupById(db: Db, businessId: string, id: string): GroupRef | null {
  const row = db
    .sql<Omit<GroupRef, 'active'> & { active: number }>(
      'SELECT key, name, active FROM groups WHERE business_id = ? AND id = ?',
    )
    .get(businessId, id);
  return row === undefined ? null : { ...row, active: row.active === 1 };
}

/** The known agents of a group's team, deactivated ones too. */
export const teamOf = (db: Db, businessId: string, groupKey: GroupKey): AgentFacts[] =>
  db
    .sql<AgentColumns>(
      `SELECT ${AGENT} FROM group_members m JOIN agents a ON a.business_id = ? AND a.id = m.agent_id
       WHERE m.group_key = ?`,
    )
    .all(businessId, groupKey)
    .map(agentFacts);

/** Everyone in the teams of these groups, and these agents. Ids that are not known are left out. */
export function peopleOf(db: Db, businessId: string, groupIds: Set<string>, agentIds: Set<string>): People {
  const agents = new Map<string, AgentFacts>();
  const teams = new Map<string, string[]>();
  const groups = new Map<string, GroupRef>();
  for (const groupId of groupIds) {
    const group = groupById(db, businessId, groupId);
    if (group === null) continue;
    const team = teamOf(db, businessId, group.key);
    groups.set(groupId, group);
    teams.set(
      groupId,
      team.map(({ id }) => id),
    );
    for (const agent of team) agents.set(agent.id, agent);
  }
  for (const id of agentIds) {
    const agent = agents.has(id) ? null : agentById(db, businessId, id);
    if (agent !== null) agents.set(id, agent);
  }
  return { agents, teams, groups };
}
