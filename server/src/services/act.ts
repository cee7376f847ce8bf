import { randomUUID } from 'node:crypto';
import type { AppDeps } from '../deps.ts';
import { plan } from '../domain/plan.ts';
import type { Assignee, TimelineEvent } from '../domain/timeline-event.ts';
import type { Acted, Caller } from '../ports/store.ts';

/** What an agent may do to a conversation in the built-in inbox. */
export type Deed =
  | { type: 'sent' | 'note'; text: string }
  | { type: 'assigned'; assignee: Assignee }
  | { type: 'closed' | 'reopened' | 'no_reply_needed' };

/**
 * Records what an agent does in the built-in inbox, as an event of the sender's would be, and wakes whom it
 * concerns. Whether the agent may see the conversation is the store's to check.
 */
export async function act(
  { store, wakeups, clock }: Pick<AppDeps, 'store' | 'wakeups' | 'clock'>,
  caller: Caller,
  conversationId: string,
  deed: Deed,
  { onlyIfFree = false } = {},
): Promise<Acted> {
  const now = clock.now();
  const isMessage = deed.type === 'sent' || deed.type === 'note';
  const entry: TimelineEvent = {
    ...deed,
    id: `${isMessage ? 'm' : 'e'}:${randomUUID()}`,
    at: now,
    imported: false,
    by: { kind: 'agent', agentId: caller.agent.id },
  };
  const acted = await store.act(caller, { conversationId, entry, onlyIfFree }, now, plan);
  if (acted.outcome === 'done') wakeups.wake(acted.touched);
  return acted;
}
