import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { agents } from './people.ts';

/** The sign-in code an email address has now, for unknown addresses too. */
export const codes = sqliteTable('codes', {
  emailKey: text().primaryKey(),
  codeHash: text().notNull(),
  expiresAt: integer().notNull(),
  attempts: integer().notNull(),
});

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
  },
  (table) => [index('sessions_by_agent').on(table.agentKey)],
);
