import type { Role } from '@converso/shared';
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const businesses = sqliteTable('businesses', {
  id: text().primaryKey(),
  name: text().notNull(),
  timeZone: text().notNull(),
  secret: text().notNull(),
  previousSecret: text(),
  previousSecretUntil: integer(),
  createdAt: integer().notNull(),
});

const business = () =>
  text()
    .notNull()
    .references(() => businesses.id);

/**
 * What `saved` and `removed` events said of an agent or a group, the newest of them winning: `savedAt` is
 * the event's own time and `savedBy` its id. A removal that arrives first leaves an inactive row behind, so
 * that an older `saved` event cannot bring anybody back.
 */
const lastSaved = () => ({
  active: integer({ mode: 'boolean' }).notNull(),
  savedAt: integer().notNull(),
  savedBy: text().notNull(),
});

export const agents = sqliteTable(
  'agents',
  {
    key: integer().primaryKey({ autoIncrement: true }),
    businessId: business(),
    id: text().notNull(),
    /** Empty, like the email, for an agent of whom only the removal is known. */
    name: text().notNull(),
    email: text().notNull(),
    /** The email in lower case, for comparing. */
    emailKey: text().notNull(),
    role: text().$type<Role>().notNull(),
    ...lastSaved(),
    messageNotifications: integer({ mode: 'boolean' }).notNull().default(true),
    assistantChats: integer({ mode: 'boolean' }).notNull().default(true),
    unrepliedEmails: integer({ mode: 'boolean' }).notNull().default(true),
    /** The seq at which the preferences last changed; 0 if they never did. */
    preferencesSeq: integer().notNull().default(0),
    /** Cursors below this are of no use: ended notifications were pruned since, or the database restored from a backup. */
    replayFloor: integer().notNull().default(0),
    lastConnectedAt: integer(),
    mailSuppressed: text(),
  },
  (table) => [unique().on(table.businessId, table.id), index('agents_by_email').on(table.emailKey)],
);

/**
 * The numbers that an event counts up for each agent it notifies. They are apart from the agents' own rows, so that a
 * commit that notifies thousands of agents rewrites only a few pages.
 */
export const counters = sqliteTable('tallies', {
  agentKey: integer()
    .primaryKey()
    .references(() => agents.key),
  /** The last seq that this agent was given. */
  seq: integer().notNull().default(0),
  /** How many of the agent's notifications are open. */
  unread: integer().notNull().default(0),
});

export const groups = sqliteTable(
  'groups',
  {
    key: integer().primaryKey({ autoIncrement: true }),
    businessId: business(),
    id: text().notNull(),
    name: text().notNull(),
    ...lastSaved(),
  },
  (table) => [unique().on(table.businessId, table.id)],
);

/** Who is in a group's team, by id: an agent may be named before being known, and is a member once saved. */
export const groupMembers = sqliteTable(
  'group_members',
  {
    groupKey: integer()
      .notNull()
      .references(() => groups.key, { onDelete: 'cascade' }),
    agentId: text().notNull(),
    /** The group's, because agents of many businesses have the same ids. */
    businessId: business(),
  },
  (table) => [
    primaryKey({ columns: [table.groupKey, table.agentId] }),
    index('group_members_by_agent').on(table.businessId, table.agentId),
  ],
);

/** What is known of a customer by one address or one guest id. */
export const identities = sqliteTable(
  'identities',
  {
    businessId: business(),
    kind: text().$type<'address' | 'guest'>().notNull(),
    value: text().notNull(),
    isContact: integer({ mode: 'boolean' }).notNull().default(false),
    /** From `contact.saved`; wins over what the sender calls itself. */
    savedName: text(),
    savedAt: integer(),
    savedBy: text(),
    email: text(),
    /** From the customer's own messages. */
    senderName: text(),
    senderAt: integer(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.kind, table.value] })],
);
