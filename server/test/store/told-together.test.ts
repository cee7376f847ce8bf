import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { expect, it } from 'vitest';
import { migrateTables, openDatabase } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MIGRATIONS = join(import.meta.dirname, '../../src/store/sqlite/migrations');

/** The folder of migrations as it was when there were only the first so many. */
function firstMigrations(count: number): string {
  const folder = join(temporaryFolder(), 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  const journal = join(folder, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: unknown[] };
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
  return folder;
}

/** One business, Ana and Ben, one chat: Ana read what it said first, both have open what it says now. */
const BEFORE = `
  INSERT INTO businesses (id, name, time_zone, secret, created_at) VALUES ('b', 'B', 'Europe/Madrid', 's', 0);
  INSERT INTO agents (key, business_id, id, name, email, email_key, role, active, saved_at, saved_by, seq) VALUES
    (1, 'b', 'ana', 'Ana', 'ana@b', 'ana@b', 'agent', 1, 0, 'e', 3),
    (2, 'b', 'ben', 'Ben', 'ben@b', 'ben@b', 'agent', 1, 0, 'e', 1);
  INSERT INTO groups (key, business_id, id, name, active, saved_at, saved_by) VALUES (1, 'b', 'g', 'G', 1, 0, 'e');
  INSERT INTO group_members (group_key, agent_id) VALUES (1, 'ana'), (1, 'not known yet');
  INSERT INTO conversations (key, business_id, id, channel, state, group_key, status, pending, updated_at) VALUES
    (1, 'b', 'c', 'sms', '{}', 1, 'open', 1, 0);
  INSERT INTO entries VALUES (1, 'm:1', 1, 0, '{"id":"m:1"}');
  INSERT INTO contents VALUES (1, '{"text":"first"}'), (2, '{"text":"now"}'), (3, '{"text":"nobody''s"}');
  INSERT INTO notifications (id, agent_key, conversation_key, content_id, reason, why, state, seq, alerted_seq,
    message_count, created_at, updated_at) VALUES
    ('n1', 1, 1, 1, 'inbound', 'team_unassigned', 'read', 2, 1, 1, 10, 20),
    ('n2', 1, 1, 2, 'inbound', 'team_unassigned', 'open', 3, 3, 1, 30, 30),
    ('n3', 2, 1, 2, 'inbound', 'team_unassigned', 'open', 1, 1, 2, 30, 30);`;

it('a database of before is brought to the tables of now with all it held', () => {
  const file = join(temporaryFolder(), 'converso.db');
  const old = new SQLite(file);
  migrateTables(old, drizzle({ client: old }) as never, firstMigrations(2));
  old.exec(BEFORE);
  old.close();

  const { client } = openDatabase(file);
  const rows = (sql: string) => client.prepare(sql).raw().all();
  expect(rows('SELECT group_key, agent_id, business_id FROM group_members')).toEqual([
    [1, 'ana', 'b'],
    [1, 'not known yet', 'b'],
  ]);
  expect(rows('SELECT agent_key, seq, unread FROM tallies')).toEqual([
    [1, 3, 1],
    [2, 1, 1],
  ]);
  expect(rows('SELECT id, ended, seq, content_id, message_count FROM notifications ORDER BY id')).toEqual([
    ['n1', 2, 2, 1, 1],
    ['n2', 0, 3, null, 1],
    ['n3', 0, 1, null, 2],
  ]);
  expect(rows('SELECT id, data FROM contents')).toEqual([[1, '{"text":"first"}']]);
  expect(rows('SELECT shown, content_id FROM conversations')).toEqual([['{"text":"now"}', null]]);
  expect(rows('SELECT conversation_key, entry_id, data FROM entries')).toEqual([[1, 'm:1', '{"id":"m:1"}']]);
  // Nothing is hidden by a row that is missing.
  const shown = `SELECT count(*) FROM notifications n JOIN conversations c ON c.key = n.conversation_key
    LEFT JOIN contents k ON k.id = n.content_id WHERE coalesce(k.data, c.shown) IS NULL`;
  expect(rows(shown)).toEqual([[0]]);
  client.close();
});
