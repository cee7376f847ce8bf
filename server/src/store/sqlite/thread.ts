import type { ConversationDetail, ThreadEntry } from '@converso/shared';
import { desc, eq } from 'drizzle-orm';
import { type ConcreteEvent, seenAs, withoutSavedStates } from '../../domain/conversation.ts';
import { inOrder } from '../../domain/order.ts';
import type { Actor } from '../../domain/timeline-event.ts';
import type { Caller } from '../../ports/types.ts';
import { conversationById } from './conversations.ts';
import type { Db } from './database.ts';
import { assigneeView, selectConversations, summaryOf } from './inbox.ts';
import { agentById, teamOf } from './people.ts';
import { conversations, entries } from './schema/index.ts';
import { visibleConversation } from './visibility.ts';

/** How many of a conversation's latest events are shown. */
const THREAD_LENGTH = 500;

/** A conversation with its thread, if the agent may see it. To run in one read. */
export function conversationDetail(db: Db, caller: Caller, conversationId: string): ConversationDetail | null {
  const key = visibleConversation(db, caller, conversationId);
  return key === null ? null : detailOf(db, caller.businessId, key);
}

/** The same, whoever may see it. To run in one read. */
export function transcript(db: Db, businessId: string, conversationId: string): ConversationDetail | null {
  const known = conversationById(db, businessId, conversationId);
  return known && detailOf(db, businessId, known.key);
}

function detailOf(db: Db, businessId: string, key: number): ConversationDetail {
  const { groupKey } = db.orm
    .select({ groupKey: conversations.groupKey })
    .from(conversations)
    .where(eq(conversations.key, key))
    .get()!;
  const rows = db.orm
    .select({ data: entries.data })
    .from(entries)
    .where(eq(entries.conversationKey, key))
    .orderBy(desc(entries.at), desc(entries.rank), desc(entries.entryId))
    .limit(THREAD_LENGTH)
    .all();
  return {
    ...summaryOf(db, businessId, selectConversations(db).where(eq(conversations.key, key)).get()!),
    entries: withoutSavedStates(inOrder(rows.map(({ data }) => data)), '').map((event) =>
      threadEntry(db, businessId, event),
    ),
    team: teamOf(db, businessId, groupKey)
      .filter(({ active }) => active)
      .map(({ id, name }) => ({ id, name }))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1)),
  };
}

const threadEntry = (db: Db, businessId: string, event: ConcreteEvent): ThreadEntry => ({
  id: event.id,
  at: new Date(event.at).toISOString(),
  type: event.type,
  by: byOf(db, businessId, event),
  text: textOf(event),
  attachments: event.type === 'received' ? event.attachments.map(attachmentOf) : [],
  assignee: event.type === 'assigned' ? assigneeView(db, businessId, event.assignee) : null,
});

const textOf = (event: ConcreteEvent): string | null => {
  if ('text' in event) return event.text;
  return event.type === 'handed_over' ? event.reason : null;
};

const attachmentOf = ({
  type,
  name,
}: {
  type: string;
  name?: string | undefined;
}): ThreadEntry['attachments'][number] => (name === undefined ? { type } : { type, name });

/** Who did it. It is the assistant that hands over; a colleague who is not known has no name. */
function byOf(db: Db, businessId: string, event: ConcreteEvent): ThreadEntry['by'] {
  if (event.type === 'received') return { kind: 'customer', name: null };
  if (event.type === 'handed_over') return { kind: 'assistant', name: 'Assistant' };
  return event.by && { kind: seenAs(event.by), name: nameOf(db, businessId, event.by) };
}

function nameOf(db: Db, businessId: string, by: Actor): string | null {
  if (by.kind === 'agent') return agentById(db, businessId, by.agentId)?.name || null;
  return by.kind === 'assistant' ? 'Assistant' : null;
}
