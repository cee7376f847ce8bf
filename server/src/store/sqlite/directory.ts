/**
 * A cache of the groups, teams and agents that events name: every event asks for them, and they seldom change. For use
 * inside write transactions only. It is always as new as the last commit: it is dropped when another process has written
 * to the file (`refresh`), and by every write of this process to those tables (`forget`).
 */
import type { AgentFacts } from '../../domain/audience.ts';
import type { Db } from './database.ts';
import { agentById, type GroupRef, groupById, type People, teamOf } from './people.ts';

export interface Directory {
  /** An agent of the business, active or not. */
  agent(businessId: string, id: string): AgentFacts | null;
  group(businessId: string, id: string): GroupRef | null;
  /** The teams of these groups, and these agents. Unknown ids are left out. */
  people(businessId: string, groupIds: ReadonlySet<string>, agentIds: ReadonlySet<string>): People;
  /** To be called after a write to agents, groups or their members, and when a transaction was undone. */
  forget(): void;
  /** To be called as a transaction begins: forgets if another process has written since. */
  refresh(): void;
}

/** One group's part of a `People`. */
interface Team {
  group: GroupRef;
  agentIds: string[];
  agents: ReadonlyMap<string, AgentFacts>;
  /** The answer for an event that names this group and nobody outside its team, as most events do. */
  people: People;
}

export function createDirectory(db: Pick<Db, 'sql'>): Directory {
  const agents = new Map<string, AgentFacts>();
  const teams = new Map<string, Team>();
  let version: unknown;

  /** Ids contain no NUL, so different pairs have different keys. */
  const keyOf = (businessId: string, id: string): string => `${businessId}\0${id}`;

  function team(businessId: string, groupId: string): Team | null {
    const key = keyOf(businessId, groupId);
    const known = teams.get(key);
    if (known !== undefined) return known;
    const group = groupById(db, businessId, groupId);
    if (group === null) return null;
    const members = teamOf(db, businessId, group.key);
    const byId = new Map(members.map((agent) => [agent.id, agent]));
    const agentIds = members.map(({ id }) => id);
    const people: People = {
      agents: byId,
      teams: new Map([[groupId, agentIds]]),
      groups: new Map([[groupId, group]]),
    };
    const found = { group, agentIds, agents: byId, people };
    teams.set(key, found);
    return found;
  }

  const directory: Directory = {
    agent(businessId, id) {
      const key = keyOf(businessId, id);
      const known = agents.get(key) ?? agentById(db, businessId, id);
      if (known !== null) agents.set(key, known);
      return known;
    },
    group: (businessId, id) => team(businessId, id)?.group ?? null,
    people(businessId, groupIds, agentIds) {
      const named = [...groupIds].flatMap((id) => team(businessId, id) ?? []);
      const [only] = named;
      const isAll = only !== undefined && named.length === 1 && [...agentIds].every((id) => only.agents.has(id));
      if (isAll) return only.people;
      const all = new Map(named.flatMap((each) => [...each.agents]));
      for (const id of agentIds) {
        const agent = all.has(id) ? null : directory.agent(businessId, id);
        if (agent !== null) all.set(id, agent);
      }
      return {
        agents: all,
        teams: new Map(named.flatMap((each) => [...each.people.teams])),
        groups: new Map(named.flatMap((each) => [...each.people.groups])),
      };
    },
    forget() {
      agents.clear();
      teams.clear();
    },
    refresh() {
      const now = db.sql('PRAGMA data_version').pluck().get();
      if (now !== version) directory.forget();
      version = now;
    },
  };
  return directory;
}
