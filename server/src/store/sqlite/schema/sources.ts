import { integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { businesses } from './people.ts';

/** Foreign systems that are plugged in. `key` is part of the URL that they call, and nobody can guess it. */
export const sources = sqliteTable(
  'sources',
  {
    key: text().primaryKey(),
    businessId: text()
      .notNull()
      .references(() => businesses.id),
    /** The operator's name for it, which its ids begin with. */
    id: text().notNull(),
    kind: text().notNull(),
    settings: text({ mode: 'json' }).$type<unknown>().notNull(),
    /** Sealed: see `services/sealing.ts`. */
    secrets: text().notNull(),
    paused: integer({ mode: 'boolean' }).notNull().default(false),
    createdAt: integer().notNull(),
    lastReceivedAt: integer(),
    /** What was wrong with the last request or sync that failed, in our own words. */
    lastFailure: text(),
    lastFailureAt: integer(),
    /** When people and what was missed were last fetched. */
    syncedAt: integer(),
  },
  (table) => [unique().on(table.businessId, table.id)],
);

const source = () =>
  text()
    .notNull()
    .references(() => sources.key, { onDelete: 'cascade' });

/** Agents by their ids in the foreign system. */
export const sourcePeople = sqliteTable(
  'source_people',
  { sourceKey: source(), foreignId: text().notNull(), agentId: text().notNull() },
  (table) => [primaryKey({ columns: [table.sourceKey, table.foreignId] })],
);

/** Which of a customer's identifiers are one person: a phone number and a user id, an old and a new number. */
export const sourceAliases = sqliteTable(
  'source_aliases',
  { sourceKey: source(), alias: text().notNull(), person: text().notNull() },
  (table) => [primaryKey({ columns: [table.sourceKey, table.alias] })],
);
