import type { AssigneeView, ConversationSummary, ConversationsPage, InboxView, Origin } from '@converso/shared';
import { and, asc, count, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { ConversationState } from '../../domain/conversation.ts';
import type { Assignee } from '../../domain/timeline-event.ts';
import type { Caller } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { customerOf } from './identities.ts';
import { groupsOf } from './me.ts';
import { agentById } from './people.ts';
import { conversationIsClosed, conversationIsOpen, conversations, groups } from './schema/index.ts';

const VIEWS: readonly InboxView[] = ['mine', 'team', 'assistant', 'closed'];

/** Which conversations a view shows, of those of these groups. */
function viewFilter(view: InboxView, agentKey: number, groupKeys: number[]): SQL | undefined {
  const ofMyGroups = inArray(conversations.groupKey, groupKeys);
  switch (view) {
    case 'mine':
      return and(conversationIsOpen, eq(conversations.assigneeAgentKey, agentKey));
    case 'team':
      return and(conversationIsOpen, ofMyGroups, isNull(conversations.assigneeKind));
    case 'assistant':
      return and(conversationIsOpen, ofMyGroups, eq(conversations.assigneeKind, 'assistant'));
    case 'closed':
      return and(conversationIsClosed, ofMyGroups);
  }
}

/**
 * Newest first. In the team's view, where agents pick a chat, handed-over chats come first, because the assistant gave
 * them up, and then the customer who waits longest.
 */
const viewOrder = (view: InboxView): SQL[] => [
  ...(view === 'team'
    ? [
        sql`json_extract(${conversations.state}, '$.pending.handover') IS NULL`,
        sql`${conversations.waitingSince} ASC NULLS LAST`,
      ]
    : []),
  desc(conversations.updatedAt),
  asc(conversations.key),
];

/** One view of the inbox, and how many conversations each view has. To run in one read. */
export function conversationsPage(
  db: Db,
  { agentKey, businessId }: Caller,
  view: InboxView,
  limit: number,
): Omit<ConversationsPage, 'canReply'> {
  const groupKeys = groupsOf(db, agentKey).map(({ key }) => key);
  const rows = selectConversations(db)
    .where(viewFilter(view, agentKey, groupKeys))
    .orderBy(...viewOrder(view))
    .limit(limit)
    .all();
  const counts = VIEWS.map((each) => {
    const filter = viewFilter(each, agentKey, groupKeys);
    return [each, db.orm.select({ n: count() }).from(conversations).where(filter).get()!.n] as const;
  });
  return {
    items: rows.map((row) => summaryOf(db, businessId, row)),
    counts: Object.fromEntries(counts) as ConversationsPage['counts'],
  };
}

export const selectConversations = ({ orm }: Db) =>
  orm
    .select({
      id: conversations.id,
      channel: conversations.channel,
      source: conversations.source,
      ref: conversations.ref,
      state: conversations.state,
      updatedAt: conversations.updatedAt,
      group: { id: groups.id, name: groups.name },
    })
    .from(conversations)
    .innerJoin(groups, eq(groups.key, conversations.groupKey));

interface SummaryRow extends Origin {
  id: string;
  channel: string;
  state: ConversationState;
  updatedAt: number;
  group: { id: string; name: string };
}

/** A conversation as lists show it. */
export function summaryOf(db: Db, businessId: string, { state, updatedAt, ...row }: SummaryRow): ConversationSummary {
  const { status, assignee, customer, waitingSince, lastMessage, pending } = state;
  return {
    ...row,
    status,
    assignee: assigneeView(db, businessId, assignee),
    customer: customerOf(db, businessId, customer),
    handedOver: status === 'open' && pending.handover !== null,
    waitingSince: waitingSince === null ? null : new Date(waitingSince).toISOString(),
    lastMessage: lastMessage && { ...lastMessage, sentAt: new Date(lastMessage.sentAt).toISOString() },
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** The assignee with a name; an unknown agent is called by the id. */
export function assigneeView(db: Db, businessId: string, assignee: Assignee): AssigneeView | null {
  if (assignee?.kind !== 'agent') return assignee;
  const id = assignee.agentId;
  return { kind: 'agent', id, name: agentById(db, businessId, id)?.name || id };
}
