import { existsSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { backupStore, restoreStore } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/open.ts';
import { openStoreFixture, type StoreFixture, shownBy } from './conformance/store-fixture.ts';
import { damage } from './damage.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a backup', () => {
  let folder: string;
  let url: string;
  let fixture: StoreFixture;
  const file = (name: string) => join(folder, name);

  beforeEach(async () => {
    folder = temporaryFolder();
    url = `file:${file('converso.db')}`;
    fixture = await openStoreFixture(openStore(url));
    await fixture.message('Before');
    return () => fixture.store.close();
  });

  it('is made while the store is in use, whole, and replaces the former one', async () => {
    await fixture.as('ana');
    for (let n = 0; n < 2; n += 1) {
      const writing = Array.from({ length: 20 }, (_, i) => fixture.message('Hi', { conversation: `c${n}-${i}` }));
      await Promise.all([backupStore(url, file('backup.db')), ...writing]);
    }
    await restoreStore(file('backup.db'), `file:${file('copy.db')}`);
    const copy = openStore(`file:${file('copy.db')}`);
    expect((await copy.figures()).openConversations).toBeGreaterThanOrEqual(21);
    await copy.close();
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('restored sends every device a snapshot, and all that follows is beyond what they have seen', async () => {
    const ana = await fixture.as('ana');
    await backupStore(url, file('backup.db'));
    for (let n = 0; n < 5; n += 1) await fixture.message('Lost by the restore');
    const { cursor: seen } = await fixture.store.notifications(ana, { limit: 1 });
    const lost = fixture.store;

    await restoreStore(file('backup.db'), `file:${file('restored.db')}`);
    fixture.store = openStore(`file:${file('restored.db')}`);
    await lost.close();
    for (const cursor of [0, 1, seen]) {
      expect(await fixture.store.changes(ana.sessionId, cursor, 10, fixture.now())).toEqual({ outcome: 'gap' });
    }
    const snapshot = await fixture.store.snapshot(ana.sessionId, fixture.now());
    if (snapshot.outcome !== 'snapshot') throw new Error(snapshot.outcome);
    expect(snapshot).toMatchObject({ unread: 1, items: [{ message: { text: 'Before' } }] });
    await fixture.message('After');
    const { items } = await fixture.store.notifications(ana, { limit: 1 });
    expect(items[0]?.seq).toBeGreaterThan(seen);
    const read = await fixture.store.changes(ana.sessionId, snapshot.cursor, 10, fixture.now());
    if (read.outcome !== 'changes') throw new Error(read.outcome);
    expect(read.changes.map(shownBy)).toMatchObject([{ message: { text: 'After' } }]);
  });

  it('is not restored over a database, nor beside the log of one', async () => {
    await backupStore(url, file('backup.db'));
    await expect(restoreStore(file('backup.db'), url)).rejects.toThrow('does not overwrite');
    writeFileSync(file('gone.db-wal'), 'what was not checkpointed');
    await expect(restoreStore(file('backup.db'), `file:${file('gone.db')}`)).rejects.toThrow('does not overwrite');
    expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
  });

  it('is neither made nor restored from what is no store', async () => {
    writeFileSync(file('text.db'), 'Not a database.');
    for (const source of ['missing.db', 'text.db']) {
      await expect(restoreStore(file(source), `file:${file('new.db')}`)).rejects.toThrow();
      await expect(backupStore(`file:${file(source)}`, file('new.db'))).rejects.toThrow();
      expect(existsSync(file('new.db'))).toBe(false);
    }
  });

  it('is not written onto the store or a file beside it, under whatever name', async () => {
    symlinkSync(file('converso.db'), file('symlink.db'));
    linkSync(file('converso.db'), file('hard-link.db'));
    symlinkSync(folder, file('same-folder'));
    const names = [
      ...['', '-wal', '-shm', '-journal'].map((side) => `converso.db${side}`),
      'symlink.db',
      'hard-link.db',
      'same-folder/converso.db',
      'same-folder/converso.db-wal',
      'same-folder/converso.db-journal',
    ];
    for (const name of names) {
      await expect(backupStore(url, file(name)), name).rejects.toThrow(/(is the store itself|belongs to the store);/);
    }
    expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
    await fixture.message('After', { conversation: 'c2' });
    expect(await fixture.open('ana')).toEqual(['c2 inbound 1', 'c1 inbound 1']);
  });

  it('is not written by way of a file that is the store', async () => {
    const odd = openStore(`file:${file('odd.db.partial')}`);
    await odd.addBusiness({ id: 'odd', name: 'Odd', timeZone: 'UTC', secret: 'whsec_AA==', now: Date.now() });
    await odd.close();
    await expect(backupStore(`file:${file('odd.db.partial')}`, file('odd.db'))).rejects.toThrow('has that name');
    expect(existsSync(file('odd.db.partial'))).toBe(true);
  });

  it('does not overwrite a file that is no backup', async () => {
    writeFileSync(file('auth-secret'), 'what signs the links in old emails');
    await expect(backupStore(url, file('auth-secret'))).rejects.toThrow('is no backup');
    expect(readFileSync(file('auth-secret'), 'utf8')).toBe('what signs the links in old emails');
    const foreign = new SQLite(file('notes.db'));
    foreign.exec('CREATE TABLE notes (text)');
    foreign.close();
    const notes = readFileSync(file('notes.db'));
    await expect(backupStore(url, file('notes.db'))).rejects.toThrow('is no backup');
    expect(readFileSync(file('notes.db')).equals(notes)).toBe(true);
  });

  it('of a damaged store does not replace the former one', async () => {
    await backupStore(url, file('backup.db'));
    const good = readFileSync(file('backup.db'));
    await fixture.store.close();
    fixture.store = openStore(`file:${file('other.db')}`);
    damage(file('converso.db'));
    await expect(backupStore(url, file('backup.db'))).rejects.toThrow(/is damaged \(.*\); nothing was replaced/);
    expect(readFileSync(file('backup.db')).equals(good)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('that is damaged is not restored', async () => {
    await backupStore(url, file('backup.db'));
    damage(file('backup.db'));
    await expect(restoreStore(file('backup.db'), `file:${file('new.db')}`)).rejects.toThrow('is damaged');
    expect(existsSync(file('new.db'))).toBe(false);
  });
});
