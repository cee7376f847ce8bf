import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store, StoreUnusable } from '../../src/ports/store.ts';
import { backupStore, inspectStore } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/open.ts';
import { type Office, openOffice } from './conformance/office.ts';
import { damageTable } from './damage.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a store in use', () => {
  let folder: string;
  let url: string;
  let store: Store;
  let office: Office;
  let reported: StoreUnusable[];
  const file = (name: string) => join(folder, name);
  const unusable = (reason: string) => expect.objectContaining({ name: 'StoreUnusable', reason });

  beforeEach(async () => {
    folder = temporaryFolder();
    url = `file:${file('converso.db')}`;
    reported = [];
    store = openStore(url, (found) => void reported.push(found));
    office = await openOffice(store);
    await office.message('Before');
    return () => store.close();
  });

  it('that runs into damage is not used any more, and reports that once', async () => {
    const ana = await office.as('ana');
    expect(store.usable()).toBe(true);
    damageTable(file('converso.db'), 'notifications');
    await expect(store.notifications(ana, { limit: 10 })).rejects.toEqual(unusable('damaged'));
    expect(store.usable()).toBe(false);
    for (const ask of [() => store.check(), () => store.businesses(), () => office.message('After')]) {
      await expect(ask()).rejects.toEqual(unusable('damaged'));
    }
    expect(store.recentChanges(ana.sessionId, 0, 10, office.now())).toBeNull();
    expect(reported).toEqual([unusable('damaged')]);
  });

  it('finds damage when it is checked, without a request that runs into it', async () => {
    await store.check();
    damageTable(file('converso.db'), 'conversations');
    await expect(store.check()).rejects.toEqual(unusable('damaged'));
  });

  it('writes nothing when it is checked', async () => {
    const bytes = () => ['converso.db', 'converso.db-wal'].map((name) => readFileSync(file(name)));
    const before = bytes();
    for (let n = 0; n < 5; n += 1) await store.check();
    expect(bytes().map((each, index) => each.equals(before[index]!))).toEqual([true, true]);
  });

  it('whose file was replaced takes no event that would be lost, and does not destroy the new file', async () => {
    await backupStore(url, file('backup.db'));
    await office.message('Only in the old file', { conversation: 'c2' });
    copyFileSync(file('backup.db'), file('new.db'));
    renameSync(file('new.db'), file('converso.db'));
    await expect(office.message('Lost?', { conversation: 'c3' })).rejects.toEqual(unusable('replaced'));
    await expect(store.check()).rejects.toEqual(unusable('replaced'));
    expect(reported).toEqual([unusable('replaced')]);
    await store.close();
    expect(readdirSync(folder).some((name) => /^converso\.db-wal\.\d+$/.test(name))).toBe(true);
    expect(inspectStore(url).database).toMatchObject({ intact: true });
    store = openStore(url);
    office.store = store;
    expect(await office.open('ana')).toEqual(['c1 inbound 1']);
  });

  it.each(['converso.db', 'converso.db-wal'])(
    'notices that its %s was removed, at a check and at a write',
    async (name) => {
      expect(existsSync(file(name))).toBe(true);
      rmSync(file(name));
      await expect(office.message('Lost?', { conversation: 'c2' })).rejects.toEqual(unusable('replaced'));
      await expect(store.check()).rejects.toEqual(unusable('replaced'));
    },
  );
});
