/**
 * Retention keeps a store from growing for ever: it removes, in small batches, what nobody needs any more. A sweep goes
 * through the rows of one kind, oldest first. The store keeps no cursor between two batches, so several processes may
 * sweep at once; each batch checks again what may be removed.
 */
import type { PrunedKind } from '../domain/retention.ts';
import type { Millis } from './types.ts';

/** Where a sweep is. Only the store that returned it can read it. */
export type SweepCursor = readonly number[];

export interface PruneBatch {
  kind: PrunedKind;
  /** What ended, arrived, was last used or expired before this may be removed. */
  before: Millis;
  /** A row that is dated later was dated by a clock that was set back since; it is neither removed nor ends the sweep. */
  now: Millis;
  /** Where the last batch ended; null at the beginning. */
  after: SweepCursor | null;
  /** The most rows that the batch looks at. */
  limit: number;
}

export interface Pruned {
  /** How many rows of the kind were removed. */
  removed: number;
  /** Where the next batch begins, or null if the sweep is over. */
  next: SweepCursor | null;
}

export interface RetentionStore {
  /**
   * Prunes one batch, in one transaction. Keeps whatever is open, waits, is being sent, or prevents a repetition. A
   * device whose cursor is older than a removed notification has a gap from then on.
   */
  prune(batch: PruneBatch): Promise<Pruned>;
}
