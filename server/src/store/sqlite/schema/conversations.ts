import type { NotificationState, Reason, Why } from '@converso/shared';
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { ConversationState } from '../../../domain/conversation.ts';
import type { TimelineEvent } from '../../../domain/timeline-event.ts';
import { agents, businesses, groups } from './people.ts';

export const conversations = sqliteTable(
  'conversations',
  {
    key: integer().primaryKey({ autoIncrement: true }),
    businessId: text()
      .notNull()
      .references(() => businesses.id),
    id: text().notNull(),
    channel: text().notNull(),
    /** The source that it came from; null if it came by our own API. */
    source: text(),
    /** Its id in that system, or null. */
    ref: text(),
    state: text({ mode: 'json' }).$type<ConversationState>().notNull(),
    // What follows is derived from `state`, for queries.
    groupKey: integer()
      .notNull()
      .references(() => groups.key),
    status: text().$type<ConversationState['status']>().notNull(),
    assigneeKind: text().$type<'agent' | 'assistant'>(),
    assigneeAgentKey: integer().references(() => agents.key),
    waitingSince: integer(),
    /** Whether anybody still has to act on something in it. */
    pending: integer({ mode: 'boolean' }).notNull(),
    /** When the newest entry happened. */
    updatedAt: integer().notNull(),
    address: text(),
    guestId: text(),
    /** What its open notifications show, or showed last; null only where it has none. */
    shown: text(),
    /** The row of `contents` that holds just that, if somebody's notification ended with it. */
    contentId: integer(),
  },
  (table) => [
    unique().on(table.businessId, table.id),
    index('conversations_open').on(table.groupKey, table.assigneeKind).where(sql`status = 'open'`),
    index('conversations_waiting').on(table.businessId).where(sql`status = 'open' AND waiting_since IS NOT NULL`),
    index('conversations_closed').on(table.groupKey, table.updatedAt).where(sql`status = 'closed'`),
    index('conversations_by_assignee').on(table.assigneeAgentKey).where(sql`assignee_agent_key IS NOT NULL`),
    index('conversations_by_address').on(table.businessId, table.address).where(sql`address IS NOT NULL`),
    index('conversations_by_guest').on(table.businessId, table.guestId).where(sql`guest_id IS NOT NULL`),
  ],
);

const conversation = () =>
  integer()
    .notNull()
    .references(() => conversations.key);

/**
 * All that happened in a conversation; its state is the fold over them in the order (at, rank, entryId). WITHOUT
 * ROWID, so that a conversation's lie together.
 */
export const entries = sqliteTable(
  'entries',
  {
    conversationKey: conversation(),
    entryId: text().notNull(),
    at: integer().notNull(),
    rank: integer().notNull(),
    data: text({ mode: 'json' }).$type<TimelineEvent>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationKey, table.entryId] })],
);

/** Entries of conversations not seen yet, kept until these appear or `expiresAt`. */
export const pendingEntries = sqliteTable(
  'pending_entries',
  {
    businessId: text()
      .notNull()
      .references(() => businesses.id),
    conversationId: text().notNull(),
    entryId: text().notNull(),
    data: text({ mode: 'json' }).$type<TimelineEvent>().notNull(),
    expiresAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.conversationId, table.entryId] }),
    index('pending_entries_by_expiry').on(table.expiresAt),
  ],
);

/** The webhook ids that were applied, so that none is applied twice. */
export const processedEvents = sqliteTable(
  'processed_events',
  {
    businessId: text()
      .notNull()
      .references(() => businesses.id),
    eventId: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.eventId] })],
);

/**
 * What ended notifications showed last; open ones show what their conversation does. One row for all who ended with
 * the same. Nothing refers to it by a foreign key: before a row could go, SQLite would look for what refers to it,
 * and need an index of millions of rows for that.
 */
export const contents = sqliteTable('contents', {
  id: integer().primaryKey(),
  data: text().notNull(),
});

/**
 * Kept in the order of its key (WITHOUT ROWID), so that what a whole team is told of one conversation lies together,
 * and is written as one page. The open ones of all agents have an index of their own, which stays small however many
 * have ended.
 */
export const notifications = sqliteTable(
  'notifications',
  {
    conversationKey: conversation(),
    /** The agent's seq when it ended; 0 while it is open, so that an agent has one open one a conversation. */
    ended: integer().notNull(),
    agentKey: integer()
      .notNull()
      .references(() => agents.key),
    /** What the outside sees: random, so that it says nothing about anybody else's. */
    id: text().notNull(),
    /** Null while it is open. */
    contentId: integer(),
    reason: text().$type<Reason>().notNull(),
    why: text().$type<Why>().notNull(),
    state: text().$type<NotificationState>().notNull(),
    settledBy: text(),
    /** The agent's seq when the row last changed. */
    seq: integer().notNull(),
    /** The seq of the last change that was news; 0 if none was. */
    alertedSeq: integer().notNull(),
    messageCount: integer().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationKey, table.ended, table.agentKey] }),
    index('notifications_open').on(table.agentKey, table.seq).where(sql`ended = 0`),
    index('notifications_ended').on(table.agentKey, table.seq).where(sql`ended > 0`),
  ],
);

// The conditions of the partial indexes, in the same words: with a parameter SQLite would not see that the index fits.
export const conversationIsOpen = sql`${conversations.status} = 'open'`;
export const conversationIsClosed = sql`${conversations.status} = 'closed'`;
export const notificationIsOpen = sql`${notifications.ended} = 0`;
