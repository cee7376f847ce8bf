import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Skip } from '../../../domain/unreplied.ts';
import type { FrozenEmail } from '../../../ports/digest-store.ts';
import type { Transport } from '../../../ports/mail.ts';
import { conversations } from './conversations.ts';
import { agents, businesses } from './people.ts';

const business = () =>
  text()
    .notNull()
    .references(() => businesses.id);

/** Each email time of each business, once it was run or missed. */
export const slots = sqliteTable(
  'slots',
  {
    key: integer().primaryKey({ autoIncrement: true }),
    businessId: business(),
    /** Local date and hour, and the zone they are local to. */
    date: text().notNull(),
    time: text().notNull(),
    timeZone: text().notNull(),
    at: integer().notNull(),
    status: text().$type<'running' | 'done' | 'skipped'>().notNull(),
    reason: text(),
    /** Who or what got no email, and why, as it was when the slot ended. */
    skipped: text({ mode: 'json' }).$type<Skip[]>(),
    recordedAt: integer().notNull(),
  },
  (table) => [
    unique().on(table.businessId, table.date, table.time, table.timeZone),
    index('slots_by_time').on(table.businessId, table.at),
    index('slots_running').on(table.key).where(sql`status = 'running'`),
  ],
);

/** Finished emails on their way; the bodies go when all is settled. */
export const batches = sqliteTable(
  'batches',
  {
    /** Also the idempotency key. */
    id: text().primaryKey(),
    emails: text({ mode: 'json' }).$type<FrozenEmail[]>(),
    status: text().$type<'frozen' | 'settled' | 'unknown'>().notNull(),
    attempts: integer().notNull().default(0),
    firstAttemptAt: integer(),
    /** By what it was last tried; null before the first try. */
    sentBy: text().$type<Transport>(),
    /** Nobody else may send it, or try it again, before this. */
    notBefore: integer().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [index('batches_waiting').on(table.notBefore).where(sql`status = 'frozen'`)],
);

/** One agent's email for one slot. */
export const digests = sqliteTable(
  'digests',
  {
    key: integer().primaryKey({ autoIncrement: true }),
    slotKey: integer()
      .notNull()
      .references(() => slots.key),
    agentKey: integer()
      .notNull()
      .references(() => agents.key),
    batchId: text()
      .notNull()
      .references(() => batches.id),
    /** Its place in the batch. */
    position: integer().notNull(),
    status: text().$type<'frozen' | 'sent' | 'failed' | 'unknown'>().notNull(),
    reason: text(),
    createdAt: integer().notNull(),
  },
  (table) => [unique().on(table.slotKey, table.agentKey), unique().on(table.batchId, table.position)],
);

/** The ledger: which message of which conversation was emailed to whom. Its key is what makes a second time impossible. */
export const digestMessages = sqliteTable(
  'digest_messages',
  {
    agentKey: integer()
      .notNull()
      .references(() => agents.key),
    conversationKey: integer()
      .notNull()
      .references(() => conversations.key),
    messageId: text().notNull(),
    digestKey: integer()
      .notNull()
      .references(() => digests.key),
  },
  (table) => [
    primaryKey({ columns: [table.conversationKey, table.agentKey, table.messageId] }),
    index('digest_messages_by_digest').on(table.digestKey),
  ],
);
