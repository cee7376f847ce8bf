import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { describe, expect, it } from 'vitest';
import { databaseFile, openStore } from '../../src/store/open.ts';
import { backupDatabase } from '../../src/store/sqlite/backup.ts';
import { migrateTables, openDatabase } from '../../src/store/sqlite/database.ts';
import { APPLICATION_ID } from '../../src/store/sqlite/ours.ts';
import { openStoreFixture } from './conformance/store-fixture.ts';
import { writeMigrations } from './migrations.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a database URL', () => {
  it('names a file, relative or absolute', () => {
    expect(databaseFile('file:./data/converso.db')).toBe('./data/converso.db');
    expect(databaseFile('file:/var/lib/converso.db')).toBe('/var/lib/converso.db');
    expect(databaseFile('file:///var/lib/converso.db')).toBe('/var/lib/converso.db');
  });

  it('of another kind is refused in one line', () => {
    for (const url of ['postgres://localhost/converso', 'postgresql://localhost/converso', 'file:', 'converso.db']) {
      expect(() => openStore(url)).toThrow(/^DATABASE_URL must be like file:.*\.$/);
    }
  });
});

describe('a database file', () => {
  it('is made with its folder, waits for the disk at each commit and keeps references whole, at every opening', () => {
    const file = join(temporaryFolder(), 'new', 'folder', 'converso.db');
    for (let opening = 0; opening < 2; opening += 1) {
      const { client } = openDatabase(file);
      const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'];
      expect(settings.map((name) => client.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 5000]);
      client.close();
    }
    expect(existsSync(file)).toBe(true);
  });

  it('is for its owner alone, and so are its logs and its backups: they hold secrets', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'converso.db');
    const { client } = openDatabase(file);
    await backupDatabase(file, join(folder, 'backup.db'));
    const files = readdirSync(folder).toSorted();
    expect(files).toEqual(['backup.db', 'converso.db', 'converso.db-shm', 'converso.db-wal']);
    expect(files.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(files.map(() => 0o600));
    client.close();
  });

  it('that is no database is left alone', () => {
    const file = join(temporaryFolder(), 'notes.db');
    writeFileSync(file, 'Not a database, but somebody may need it.');
    expect(() => openDatabase(file)).toThrow(/not a database/);
  });

  it('of another program is refused and stays as it is', () => {
    const folder = temporaryFolder();
    const tables = [
      'CREATE TABLE notes (text)',
      'CREATE TABLE agents (id); CREATE TABLE businesses (id)',
      'PRAGMA application_id = 7',
    ];
    for (const [index, sql] of tables.entries()) {
      const file = join(folder, `foreign-${index}.db`);
      const foreign = new SQLite(file);
      foreign.exec(sql);
      foreign.close();
      const before = readFileSync(file);
      expect(() => openDatabase(file), sql).toThrow('is a database of another program');
      expect(readFileSync(file).equals(before)).toBe(true);
    }
    expect(readdirSync(folder)).toHaveLength(tables.length);
  });

  it('says whose it is, also if an older version made it', () => {
    const file = join(temporaryFolder(), 'converso.db');
    const applicationId = () => {
      const { client } = openDatabase(file);
      const id = client.pragma('application_id', { simple: true });
      client.close();
      return id;
    };
    expect(applicationId()).toBe(APPLICATION_ID);
    const older = new SQLite(file);
    older.pragma('application_id = 0');
    older.close();
    expect(applicationId()).toBe(APPLICATION_ID);
  });

  it('made by a newer version is not opened', () => {
    const file = join(temporaryFolder(), 'converso.db');
    const { client } = openDatabase(file);
    client.prepare('UPDATE __drizzle_migrations SET created_at = created_at + 1').run();
    client.close();
    expect(() => openDatabase(file)).toThrow('newer version');
  });
});

it('keeps what ended notifications show once for all who ended with it, and of open ones only what they show now', async () => {
  const file = join(temporaryFolder(), 'converso.db');
  const fixture = await openStoreFixture(openStore(`file:${file}`));
  for (const text of ['one', 'two', 'three']) await fixture.message(text);
  const [ana, ben] = [await fixture.as('ana'), await fixture.as('ben')];
  await fixture.store.markRead(ana, { conversationId: 'c1' }, fixture.now());
  await fixture.store.markRead(ben, { conversationId: 'c1' }, fixture.now());
  for (const text of ['four', 'five']) await fixture.message(text);
  await fixture.assign('c1', 'ben', 'ben');
  await fixture.message('six');
  await fixture.store.close();
  const { client } = openDatabase(file);
  const texts = client.prepare("SELECT data ->> '$.message.text' FROM contents ORDER BY id").pluck().all();
  expect(texts).toEqual(['three', 'five']);
  client.close();
});

it('of an older version: a chat that was handed over waits for a person once the file is opened', async () => {
  const file = join(temporaryFolder(), 'converso.db');
  const fixture = await openStoreFixture(openStore(`file:${file}`));
  await fixture.message('Hello?');
  await fixture.assign('c1', 'assistant');
  await fixture.tell('conversation.handed_over', { conversation: { id: 'c1' } });
  await fixture.store.close();
  const chatIn = (client: SQLite.Database) => client.prepare('SELECT state, waiting_since FROM conversations').get();

  const { client } = openDatabase(file);
  const chat = chatIn(client) as { state: string; waiting_since: number };
  // What the version before the migration had, after the assistant's farewell.
  client.exec(`UPDATE conversations SET waiting_since = NULL,
    state = json_set(json_remove(state, '$.awaitsPerson'), '$.waitingSince', NULL)`);
  // What came after it, from the newest back.
  client.exec('DROP TABLE tickets; DROP INDEX sessions_by_begun_by; ALTER TABLE sessions DROP COLUMN begun_by');
  for (const column of ['ref', 'source']) client.exec(`ALTER TABLE conversations DROP COLUMN ${column}`);
  for (const table of ['source_aliases', 'source_people', 'sources']) client.exec(`DROP TABLE ${table}`);
  client.exec(`DELETE FROM __drizzle_migrations WHERE created_at IN
    (SELECT created_at FROM __drizzle_migrations ORDER BY created_at DESC LIMIT 4)`);
  client.close();

  const migrated = openDatabase(file);
  const { state, waiting_since } = chatIn(migrated.client) as typeof chat;
  expect(JSON.parse(state)).toEqual(JSON.parse(chat.state));
  expect(waiting_since).toBe(chat.waiting_since);
  migrated.client.close();
});

it('keeps what belongs together together: SQLite knows which tables have no row ids, the schema does not', () => {
  const { client } = openDatabase(join(temporaryFolder(), 'converso.db'));
  const tables = client.prepare("SELECT name FROM sqlite_schema WHERE sql LIKE '%WITHOUT ROWID%' ORDER BY name");
  expect(tables.pluck().all()).toEqual(['entries', 'group_members', 'notifications']);
  client.close();
});

describe('a migration', () => {
  const CHAT = 'CREATE TABLE chats (id integer PRIMARY KEY)';
  const LINE = 'CREATE TABLE lines (id integer PRIMARY KEY, chat integer REFERENCES chats(id) ON DELETE CASCADE)';
  const REBUILD = [
    'CREATE TABLE new_chats (id integer PRIMARY KEY, topic text)',
    'INSERT INTO new_chats (id) SELECT id FROM chats',
    'DROP TABLE chats',
    'ALTER TABLE new_chats RENAME TO chats',
  ];

  it('that rebuilds a table keeps the rows that refer to it', () => {
    const folder = temporaryFolder();
    const client = new SQLite(join(folder, 'chats.db'));
    const orm = drizzle({ client }) as never;
    migrateTables(client, orm, writeMigrations(folder, [[CHAT, LINE]]));
    client.exec('INSERT INTO chats VALUES (1); INSERT INTO lines VALUES (7, 1)');
    migrateTables(client, orm, writeMigrations(folder, [[CHAT, LINE], REBUILD]));
    expect(client.prepare('SELECT * FROM lines').all()).toEqual([{ id: 7, chat: 1 }]);
    expect(client.prepare('SELECT * FROM chats').all()).toEqual([{ id: 1, topic: null }]);
    expect(() => client.exec('INSERT INTO lines VALUES (8, 2)')).toThrow(/FOREIGN KEY/);
    client.close();
  });

  it('that leaves rows referring to nothing stops the start', () => {
    const folder = temporaryFolder();
    const client = new SQLite(join(folder, 'chats.db'));
    const orm = drizzle({ client }) as never;
    migrateTables(client, orm, writeMigrations(folder, [[CHAT, LINE]]));
    client.exec('INSERT INTO chats VALUES (1); INSERT INTO lines VALUES (7, 1)');
    const careless = writeMigrations(folder, [[CHAT, LINE], ['DELETE FROM chats']]);
    expect(() => migrateTables(client, orm, careless)).toThrow('1 rows refer to rows that do not exist (in lines)');
    client.close();
  });
});
