/** What becomes of conversations when agents come to a group's team or leave it. */
import type { AgentFacts } from '../../domain/audience.ts';
import { losesAssignee, unassignment } from '../../domain/membership.ts';
import type { Stamp } from '../../domain/stamps.ts';
import type { AgentKey, GroupKey } from '../../ports/types.ts';
import { applyEvents } from './apply.ts';
import { conversationByKey } from './conversations.ts';
import type { Db } from './database.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The conversations that an agent has, or is being told of. */
export const conversationsOf = (db: Db, agentKey: AgentKey): number[] =>
  db
    .sql<number>(
      `SELECT key FROM conversations WHERE assignee_agent_key = :agentKey
       UNION SELECT conversation_key FROM notifications WHERE agent_key = :agentKey AND ended = 0`,
    )
    .pluck()
    .all({ agentKey });

/** The conversations of a group that wait for its team. */
export const waitingIn = (db: Db, groupKey: GroupKey): number[] =>
  db
    .sql<number>(
      `SELECT key FROM conversations WHERE group_key = ? AND status = 'open' AND assignee_kind IS NOT 'agent'
         AND pending = 1`,
    )
    .pluck()
    .all(groupKey);

/** The conversations of a group that anybody is being told of. Found by the business's agents, so that it reads no other's. */
export const toldOfIn = (db: Db, businessId: string, groupKey: GroupKey): number[] =>
  db
    .sql<number>(
      `SELECT DISTINCT c.key FROM agents a
       CROSS JOIN notifications n ON n.agent_key = a.key AND n.ended = 0
       JOIN conversations c ON c.key = n.conversation_key
       WHERE a.business_id = ? AND c.group_key = ?`,
    )
    .pluck()
    .all(businessId, groupKey);

/** Tells those who are new to the team of what waits for it, silently. */
export function giveWaiting(work: UnitOfWork, groupKey: GroupKey, joined: readonly AgentFacts[]): void {
  for (const key of waitingIn(work.db, groupKey)) {
    applyEvents(work, conversationByKey(work.db, key), [], joined);
  }
}

/** Takes conversations from agents who may not have them any more, and settles what they are being told. */
export function leaveConversations(
  work: UnitOfWork,
  leavers: ReadonlySet<string>,
  conversationKeys: Iterable<number>,
  stamp: Stamp,
  joined: readonly AgentFacts[] = [],
): void {
  for (const key of conversationKeys) {
    const conversation = conversationByKey(work.db, key);
    const { state } = conversation;
    const events = losesAssignee(state, leavers) ? [unassignment(state, stamp, work.now)] : [];
    applyEvents(work, conversation, events, joined);
  }
}
