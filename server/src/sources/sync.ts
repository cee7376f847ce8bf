/**
 * What has to change here so that the people and groups are those of a source. Pure. People are matched by email, so
 * that somebody in two systems has one bell; only those that the source brought are ever changed or removed.
 */
import { scoped } from './ids.ts';
import type { ForeignAgent, People } from './source.ts';

export interface KnownAgent {
  id: string;
  name: string;
  email: string;
  role: 'agent' | 'admin';
}

export interface KnownGroup {
  id: string;
  name: string;
  agentIds: readonly string[];
}

export interface Known {
  sourceId: string;
  /** The source's people as of the last sync: our ids by theirs. */
  mapped: ReadonlyMap<string, string>;
  /** Everybody who is active in the business. */
  agents: readonly KnownAgent[];
  /** Our ids of agents that another source maps too. */
  alsoElsewhere: ReadonlySet<string>;
  /** The groups of this source. */
  groups: readonly KnownGroup[];
}

export type SyncEvent =
  | { type: 'agent.saved'; data: { agent: KnownAgent } }
  | { type: 'agent.removed'; data: { id: string } }
  | { type: 'group.saved'; data: { group: { id: string; name: string; agentIds: string[] } } }
  | { type: 'group.removed'; data: { id: string } };

export type SyncPlan =
  | { outcome: 'planned'; events: SyncEvent[]; mapped: Map<string, string> }
  /** Nothing may be changed: the list is empty, or so many are gone that it may be half a list. */
  | { outcome: 'refused'; because: 'empty' | 'most_gone'; gone: number; of: number };

/** @param mayRemoveMost the operator has confirmed that more than half of them are gone */
export function planSync(people: People, known: Known, mayRemoveMost = false): SyncPlan {
  const of = known.mapped.size;
  if (people.agents.length === 0) return { outcome: 'refused', because: 'empty', gone: of, of };
  const present = new Set([...people.agents.map(({ id }) => id), ...people.unusable]);
  const gone = [...known.mapped].filter(([foreignId]) => !present.has(foreignId));
  const goneGroups = known.groups.filter(({ id }) => !people.groups.some((group) => group.id === id));
  if (!mayRemoveMost && (gone.length > of / 2 || goneGroups.length > known.groups.length / 2)) {
    return { outcome: 'refused', because: 'most_gone', gone: gone.length || goneGroups.length, of };
  }

  const { events, mapped } = matchAgents(people.agents, known);
  for (const foreignId of people.unusable) {
    const agentId = known.mapped.get(foreignId);
    if (agentId !== undefined) mapped.set(foreignId, agentId);
  }
  for (const { id, name, memberIds } of people.groups) {
    const agentIds = [...new Set(memberIds.flatMap((member) => mapped.get(member) ?? []))].toSorted();
    const before = known.groups.find((group) => group.id === id);
    const isSame = before?.name === name && before.agentIds.toSorted().join('\n') === agentIds.join('\n');
    if (!isSame) events.push({ type: 'group.saved', data: { group: { id, name, agentIds } } });
  }
  for (const { id } of goneGroups) events.push({ type: 'group.removed', data: { id } });

  const stillMapped = new Set(mapped.values());
  const wasMapped = new Set(known.mapped.values());
  for (const { id } of known.agents) {
    const isOurs = wasMapped.has(id) && isMadeBy(known.sourceId, id);
    if (isOurs && !stillMapped.has(id) && !known.alsoElsewhere.has(id)) {
      events.push({ type: 'agent.removed', data: { id } });
    }
  }
  return { outcome: 'planned', events, mapped };
}

const isMadeBy = (sourceId: string, agentId: string): boolean => agentId.startsWith(`${sourceId}:`);

/** Who is who: by email first, then by the id that the source's agents have here. */
function matchAgents(agents: readonly ForeignAgent[], known: Known) {
  const events: SyncEvent[] = [];
  const mapped = new Map<string, string>();
  const byEmail = new Map(known.agents.map((agent) => [agent.email.toLowerCase(), agent]));
  for (const { id: foreignId, name, email, role } of agents) {
    const key = email.toLowerCase();
    const before = byEmail.get(key);
    const id = before?.id ?? scoped(known.sourceId, foreignId);
    mapped.set(foreignId, id);
    // An agent that somebody else brought keeps the name and the role they have there.
    if (before !== undefined && !isMadeBy(known.sourceId, id)) continue;
    const isSame = before?.name === name && before.role === role;
    if (isSame) continue;
    const agent = { id, name, email, role };
    events.push({ type: 'agent.saved', data: { agent } });
    byEmail.set(key, agent);
  }
  return { events, mapped };
}
