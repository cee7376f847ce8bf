import type { ConversationState } from '../../domain/conversation.ts';
import type { Planner } from '../../domain/plan.ts';
import type { TimelineEvent } from '../../domain/timeline-event.ts';
import type { CommandEvent, CommandResult } from '../../ports/store.ts';
import type { Caller, Millis } from '../../ports/types.ts';
import { applyEvents } from './apply.ts';
import { conversationByKey, hasEvent } from './conversations.ts';
import type { Db } from './database.ts';
import { activeAgent } from './people.ts';
import { affectedBy, beginUnitOfWork, nobodyAffected, streamsUnaffected, type WriteResult } from './unit-of-work.ts';
import { visibleConversation } from './visibility.ts';

/** Applies what an agent did in the built-in inbox. To run inside a transaction. */
export function execute(
  db: Db,
  caller: Caller,
  { conversationId, entry, onlyIfFree }: CommandEvent,
  now: Millis,
  planner: Planner,
): WriteResult<CommandResult> {
  const { businessId } = caller;
  const key = visibleConversation(db, caller, conversationId);
  if (key === null) return streamsUnaffected<CommandResult>({ outcome: 'not_found' });
  if (entry.type === 'assigned' && entry.assignee?.kind === 'agent') {
    if (activeAgent(db, businessId, entry.assignee.agentId) === null)
      return streamsUnaffected<CommandResult>({ outcome: 'unknown_agent' });
  }
  const conversation = conversationByKey(db, key);
  const { state } = conversation;
  if (onlyIfFree) {
    const holder = holderOf(db, businessId, state);
    if (state.status === 'closed') return streamsUnaffected<CommandResult>({ outcome: 'not_free', assignee: null });
    if (holder?.id === caller.agent.id)
      return streamsUnaffected<CommandResult>({ outcome: 'done', affected: nobodyAffected() });
    if (holder !== null) return streamsUnaffected<CommandResult>({ outcome: 'not_free', assignee: holder });
  }
  if (hasEvent(db, key, entry.id))
    return streamsUnaffected<CommandResult>({ outcome: 'done', affected: nobodyAffected() });

  const dated: TimelineEvent = { ...entry, at: Math.max(now, (state.last?.at ?? 0) + 1), imported: false };
  const work = beginUnitOfWork(db, businessId, planner, now);
  applyEvents(work, conversation, [dated]);
  return { result: { outcome: 'done', affected: affectedBy(work) }, revisions: work.revisions, mustRead: [] };
}

function holderOf(db: Db, businessId: string, { assignee }: ConversationState): { id: string; name: string } | null {
  const agent = assignee?.kind === 'agent' ? activeAgent(db, businessId, assignee.agentId) : null;
  return agent && { id: agent.id, name: agent.name };
}
