import { hasCode } from '../error-codes.ts';
import { type Store, StoreUnusable, type UnusableReason } from '../ports/store.ts';

/** What an adapter gives; the guard adds whether it can still be used. */
export type UnguardedStore = Omit<Store, 'usable'>;

/** Damage that a read or a write ran into (https://www.sqlite.org/rescode.html). */
const DAMAGE = /^SQLITE_(CORRUPT|NOTADB)/;

/**
 * Stops a store for good once it is damaged, or its file is not the one that was opened: what is acknowledged after
 * that may be lost, and writing may spread the damage. Every call but `close` then rejects with `StoreUnusable`.
 * @param report called once, when that is found
 */
export function guardStore(store: UnguardedStore, report: (unusable: StoreUnusable) => void): Store {
  let unusable: StoreUnusable | null = null;

  const stop = (reason: UnusableReason, cause: unknown): StoreUnusable => {
    if (unusable === null) {
      unusable = new StoreUnusable(reason, { cause });
      report(unusable);
    }
    return unusable;
  };

  const guard =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      if (unusable !== null) throw unusable;
      try {
        return await method(...args);
      } catch (error) {
        if (error instanceof StoreUnusable) throw stop(error.reason, error);
        if (hasCode(error, DAMAGE)) throw stop('damaged', error);
        throw error;
      }
    };

  const { close, recentChanges, ...asked } = store;
  const guarded = Object.entries(asked).map(([name, method]) => [name, guard(method as Parameters<typeof guard>[0])]);
  return {
    ...(Object.fromEntries(guarded) as typeof asked),
    async close() {
      try {
        await close();
      } catch (error) {
        // It is closed all the same; that is no reason for the process to end with an error.
        if (!(error instanceof StoreUnusable)) throw error;
        stop(error.reason, error);
      }
    },
    recentChanges: (...args) => (unusable === null ? recentChanges(...args) : null),
    usable: () => unusable === null,
  };
}
