import { randomUUID } from 'node:crypto';
import { plan } from '../domain/plan.ts';
import type { Assignee, TimelineEvent } from '../domain/timeline-event.ts';
import type { CommandResult, Store } from '../ports/store.ts';
import type { Caller, Clock } from '../ports/types.ts';
import type { Wakeups } from '../ports/wakeups.ts';

export interface ExecuteDeps {
  store: Pick<Store, 'execute'>;
  wakeups: Pick<Wakeups, 'wake'>;
  clock: Clock;
}

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
  { store, wakeups, clock }: ExecuteDeps,
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
