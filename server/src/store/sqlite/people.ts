import type { AgentFacts, People as PlannedPeople } from '../../domain/audience.ts';
import type { GroupKey } from '../../ports/types.ts';
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
export function agentById(db: Pick<Db, 'sql'>, businessId: string, id: string): AgentFacts | null {
  const row = db.sql<AgentColumns>(`SELECT ${AGENT} FROM agents a WHERE a.business_id = ? AND a.id = ?`);
  const found = row.get(businessId, id);
  return found === undefined ? null : agentFacts(found);
}

export const activeAgent = (db: Pick<Db, 'sql'>, businessId: string, id: string): AgentFacts | null => {
  const agent = agentById(db, businessId, id);
  return agent?.active ? agent : null;
};

export function groupById(db: Pick<Db, 'sql'>, businessId: string, id: string): GroupRef | null {
  const row = db
    .sql<Omit<GroupRef, 'active'> & { active: number }>(
      'SELECT key, name, active FROM groups WHERE business_id = ? AND id = ?',
    )
    .get(businessId, id);
  return row === undefined ? null : { ...row, active: row.active === 1 };
}

/** The known agents of a group's team, deactivated ones too. */
export const teamOf = (db: Pick<Db, 'sql'>, businessId: string, groupKey: GroupKey): AgentFacts[] =>
  db
    .sql<AgentColumns>(
      `SELECT ${AGENT} FROM group_members m JOIN agents a ON a.business_id = ? AND a.id = m.agent_id
       WHERE m.group_key = ?`,
    )
    .all(businessId, groupKey)
    .map(agentFacts);
