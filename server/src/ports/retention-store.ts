/**
 * What keeps a store from growing for ever: it forgets, one small step at a time, what nobody needs any more. The
 * steps of one kind are a walk from the oldest on. A store keeps no place between them, so several processes may
 * walk at once; each step looks again at what may go.
 */
import type { PrunedKind } from '../domain/retention.ts';
import type { Millis } from './store.ts';

/** Where a walk is. Only the store that gave it can read it. */
export type Place = readonly number[];

export interface PruneStep {
  kind: PrunedKind;
  /** What ended, came, was last used or expired before this may go. */
  before: Millis;
  /** What is dated later was dated by a clock that has been set back since; it neither goes nor ends the walk. */
  now: Millis;
  /** Where the last step ended; null at the beginning. */
  after: Place | null;
  /** How many rows it looks at, at most. */
  limit: number;
}

export interface Pruned {
  /** How many of the kind went. */
  removed: number;
  /** Where to go on, or null if the walk is over. */
  next: Place | null;
}

export interface RetentionStore {
  /**
   * One step, in one transaction. Removes nothing that is open, waits, is on its way, or keeps something from
   * happening twice. A device whose cursor is older than a notification that goes has a gap from then on.
   */
  prune(step: PruneStep): Promise<Pruned>;
}
