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
    /** Whether anybody still has to act in it. */
    pending: integer({ mode: 'boolean' }).notNull(),
    /** When the newest event happened. */
    updatedAt: integer().notNull(),
    address: text(),
    guestId: text(),
    /** What its open notifications show, or showed last; null if it never had one. */
    shown: text(),
    /** The row of `contents` that holds the same, if a notification ended with it. */
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
 * The timeline events of all conversations; a conversation's state is the fold over its events. WITHOUT ROWID, so that
 * the events of one conversation are stored side by side.
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

/** Events of unknown conversations, kept until the conversation appears or `expiresAt`. */
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

/** The webhook ids of applied events, so that no event is applied twice. */
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
 * What ended notifications showed last; open notifications show the conversation's content. All notifications that ended
 * with the same content share a row. No foreign key refers to it: for each row that is removed, SQLite would search the
 * table that refers to it, and that needs an index of millions of rows.
 */
export const contents = sqliteTable('contents', {
  id: integer().primaryKey(),
  data: text().notNull(),
});

/**
 * Stored in the order of its key (WITHOUT ROWID), so that a team's notifications of one conversation are side by side and
 * written as one page. Open notifications have their own index, which stays small however many have ended.
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
    /** The public id: random, so that it reveals nothing about other notifications. */
    id: text().notNull(),
    /** Null while it is open. */
    contentId: integer(),
    reason: text().$type<Reason>().notNull(),
    why: text().$type<Why>().notNull(),
    state: text().$type<NotificationState>().notNull(),
    settledBy: text(),
    /** The agent's seq when the row last changed. */
    seq: integer().notNull(),
    /** The seq of the last change that alerted; 0 if none did. */
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

// The conditions of the partial indexes, word for word: with a parameter SQLite would not use the index.
export const conversationIsOpen = sql`${conversations.status} = 'open'`;
export const conversationIsClosed = sql`${conversations.status} = 'closed'`;
export const notificationIsOpen = sql`${notifications.ended} = 0`;
