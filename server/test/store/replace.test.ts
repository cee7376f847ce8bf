import { copyFileSync, existsSync, linkSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backupStore, inspectStore, replaceStore } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/open.ts';
import { openStoreFixture } from './conformance/store-fixture.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a backup in the place of a store', () => {
  let folder: string;
  let url: string;
  const file = (name: string) => join(folder, name);
  const names = async (databaseUrl: string) => {
    const store = openStore(databaseUrl);
    const businesses = await store.businesses();
    await store.close();
    return businesses.map(({ id }) => id);
  };
  const add = async (id: string) => {
    const store = openStore(url);
    await store.addBusiness({ id, name: id, timeZone: 'UTC', secret: 'whsec_AA==', now: Date.now() });
    await store.close();
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    url = `file:${file('converso.db')}`;
    await add('kept');
    await backupStore(url, file('backup.db'));
    await add('later');
  });

  it('keeps the former store under another name', async () => {
    const former = await replaceStore(file('backup.db'), url);
    expect(await names(url)).toEqual(['kept']);
    expect(await names(`file:${former}`)).toEqual(['kept', 'later']);
    expect(readdirSync(folder).filter((name) => name.includes('restored') || name.includes('partial'))).toEqual([]);
  });

  it('needs no former store', async () => {
    const elsewhere = `file:${file('new/converso.db')}`;
    expect(await replaceStore(file('backup.db'), elsewhere)).toBeNull();
    expect(await names(elsewhere)).toEqual(['kept']);
  });

  it('is refused while a server uses the store, which stays as it is', async () => {
    const running = openStore(url);
    await expect(replaceStore(file('backup.db'), url)).rejects.toThrow('is in use; stop the server first');
    await running.close();
    expect(await names(url)).toEqual(['kept', 'later']);
  });

  it('replaces a damaged store', async () => {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('converso.db')) writeFileSync(file(name), 'no database at all, by far'.repeat(100));
    }
    expect(() => inspectStore(url)).toThrow();
    await replaceStore(file('backup.db'), url);
    expect(await names(url)).toEqual(['kept']);
  });

  it('that is none leaves the store as it is', async () => {
    writeFileSync(file('letter.txt'), 'Dear customer');
    await expect(replaceStore(file('letter.txt'), url)).rejects.toThrow();
    expect(await names(url)).toEqual(['kept', 'later']);
  });

  it('is not the store itself, under whatever name', async () => {
    symlinkSync(file('converso.db'), file('symlink.db'));
    linkSync(file('converso.db'), file('hard-link.db'));
    for (const name of ['converso.db', 'symlink.db', 'hard-link.db']) {
      await expect(replaceStore(file(name), url), name).rejects.toThrow('is the store itself');
    }
    await expect(replaceStore(file('converso.db-wal'), url)).rejects.toThrow('belongs to the store');
    expect(await names(url)).toEqual(['kept', 'later']);
  });

  it('is not deleted where it has the name of a file that a restore writes', async () => {
    for (const name of ['converso.db.restored', 'converso.db.restored.partial']) {
      copyFileSync(file('backup.db'), file(name));
      await expect(replaceStore(file(name), url), name).rejects.toThrow('is written meanwhile');
      expect(existsSync(file(name))).toBe(true);
    }
  });

  it('is one file, without a log beside it', () => {
    expect(existsSync(file('backup.db-wal'))).toBe(false);
    expect(inspectStore(`file:${file('backup.db')}`).database).toEqual({
      foreign: false,
      intact: true,
      finding: 'ok',
      missingMigrations: 0,
      newer: false,
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
  });

  it('put in place twice continues each sequence beyond what the first time issued', async () => {
    const fixture = await openStoreFixture(openStore(url));
    const ana = await fixture.as('ana');
    await fixture.store.close();
    await backupStore(url, file('fixture.db'));
    const cursors: number[] = [];
    for (let n = 0; n < 2; n += 1) {
      await replaceStore(file('fixture.db'), url);
      fixture.store = openStore(url);
      await fixture.message('After the restore');
      cursors.push((await fixture.store.notifications(ana, { limit: 1 })).cursor);
      await fixture.store.close();
    }
    expect(cursors[1]).toBeGreaterThan(cursors[0]!);
  });
});
