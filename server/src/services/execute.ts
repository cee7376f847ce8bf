import { randomUUID } from 'node:crypto';
import type { AppDeps } from '../deps.ts';
import { plan } from '../domain/plan.ts';
import type { Assignee, TimelineEvent } from '../domain/timeline-event.ts';
import type { CommandResult } from '../ports/store.ts';
import type { Caller } from '../ports/types.ts';

/** What an agent may do to a conversation in the built-in inbox. */
export type Command =
  | { type: 'sent' | 'note'; text: string }
  | { type: 'assigned'; assignee: Assignee }
  | { type: 'closed' | 'reopened' | 'no_reply_needed' };

/**
 * Records what an agent does in the built-in inbox, as an event of the sender's would be, and wakes whom it
 * concerns. Whether the agent may see the conversation is the store's to check.
 */
export async function execute(
  { store, wakeups, clock }: Pick<AppDeps, 'store' | 'wakeups' | 'clock'>,
  caller: Caller,
  conversationId: string,
  command: Command,
  { onlyIfFree = false } = {},
): Promise<CommandResult> {
  const now = clock.now();
  const isMessage = command.type === 'sent' || command.type === 'note';
  const entry: TimelineEvent = {
    ...command,
    id: `${isMessage ? 'm' : 'e'}:${randomUUID()}`,
    at: now,
    imported: false,
    by: { kind: 'agent', agentId: caller.agent.id },
  };
  const result = await store.execute(caller, { conversationId, entry, onlyIfFree }, now, plan);
  if (result.outcome === 'done') wakeups.wake(result.affected);
  return result;
}
