import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { openStoreFixture, type StoreFixture } from './store-fixture.ts';

/** A store with nothing in it. */
export interface Made {
  store: Store;
  /** Closes it and opens the same data again. */
  reopen(): Promise<Store>;
  /** Closes it and throws the data away. */
  close(): Promise<void>;
}

export type Make = () => Promise<Made>;

/** A store of its own for each test, with one business in it. */
export function eachTest(make: Make): { fixture: StoreFixture; made: Made } {
  const test = {} as { fixture: StoreFixture; made: Made };
  beforeEach(async () => {
    test.made = await make();
    test.fixture = await openStoreFixture(test.made.store);
  });
  afterEach(() => test.made.close());
  return test;
}
