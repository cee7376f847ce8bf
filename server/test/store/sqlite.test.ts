import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open.ts';
import { storeConformance } from './conformance.ts';

storeConformance('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'converso-store-'));
  const url = `file:${join(folder, 'converso.db')}`;
  let store = openStore(url);
  return {
    store,
    async reopen() {
      await store.close();
      store = openStore(url);
      return store;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
