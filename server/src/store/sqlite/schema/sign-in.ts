import { type AnySQLiteColumn, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { agents } from './people.ts';

/** Sign-in codes, one for each challenge, also for unknown addresses. */
export const codes = sqliteTable(
  'codes',
  {
    /** Ascending, so that the newest code of an address can be found. */
    key: integer().primaryKey({ autoIncrement: true }),
    /** The hash of the challenge, which only the client knows that asked for the code. */
    challengeHash: text().notNull().unique(),
    emailKey: text().notNull(),
    codeHash: text().notNull(),
    expiresAt: integer().notNull(),
    /** Wrong attempts with the challenge. */
    attempts: integer().notNull().default(0),
    /** Wrong attempts by the address alone, which anybody can make. */
    addressAttempts: integer().notNull().default(0),
  },
  (table) => [index('codes_by_email').on(table.emailKey)],
);

/** Signed-in devices. The token itself is not here, only its hash. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    agentKey: integer()
      .notNull()
      .references(() => agents.key),
    tokenHash: text().notNull().unique(),
    device: text(),
    createdAt: integer().notNull(),
    lastUsedAt: integer().notNull(),
    /** The session whose ticket began this one, which ends with it; null where a code did. */
    begunBy: text().references((): AnySQLiteColumn => sessions.id, { onDelete: 'cascade' }),
  },
  (table) => [index('sessions_by_agent').on(table.agentKey), index('sessions_by_begun_by').on(table.begunBy)],
);

/** Tickets that were given and not used: each begins one session of the same agent. The ticket itself is not here. */
export const tickets = sqliteTable('tickets', {
  ticketHash: text().primaryKey(),
  /** The session that asked for it. */
  sessionId: text()
    .notNull()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  expiresAt: integer().notNull(),
});
