import type { Caller } from '../../ports/types.ts';
import type { Db } from './database.ts';

/** The key of a conversation that the agent may see: it is their group's, or it is assigned to them. Null otherwise. */
export function visibleConversation(db: Db, { businessId, agentKey, agent }: Caller, id: string): number | null {
  const key = db
    .sql<number>(
      `SELECT c.key FROM conversations c JOIN agents a ON a.key = :agentKey AND a.active = 1
       WHERE c.business_id = :businessId AND c.id = :id AND (c.assignee_agent_key = :agentKey OR EXISTS (
         SELECT 1 FROM group_members m JOIN groups g ON g.key = m.group_key AND g.active = 1
         WHERE m.group_key = c.group_key AND m.agent_id = :agentId))`,
    )
    .pluck()
    .get({ agentKey, businessId, id, agentId: agent.id });
  return (key as number | undefined) ?? null;
}
