import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { type Office, openOffice } from './office.ts';

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
export function eachTest(make: Make): { office: Office; made: Made } {
  const test = {} as { office: Office; made: Made };
  beforeEach(async () => {
    test.made = await make();
    test.office = await openOffice(test.made.store);
  });
  afterEach(() => test.made.close());
  return test;
}
