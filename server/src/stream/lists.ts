import { describeError, type Log } from '../log.ts';
import type { Store } from '../ports/store.ts';
import type { Caller, GroupKey } from '../ports/types.ts';
import type { Wakeups } from '../ports/wakeups.ts';
import type { Connection } from './connection.ts';

/** An inbox tab's interest in its conversation lists. */
export interface Lists {
  /** Something may have changed in them. */
  wake(): void;
  /** The caller's groups may have changed. */
  refresh(): void;
  stop(): void;
}

/**
 * Tells the connection when the conversation lists of the caller's groups may have changed, at most every
 * `listsEveryMs` milliseconds. Keeps which groups it follows; they may change while the stream is open.
 */
export function followLists(
  {
    store,
    wakeups,
    log,
    listsEveryMs,
  }: { store: Pick<Store, 'groupKeys'>; wakeups: Wakeups; log: Log; listsEveryMs: number },
  caller: Caller,
  connection: Pick<Connection, 'wakeLists'>,
): Lists {
  const following = new Map<GroupKey, () => void>();
  let due: NodeJS.Timeout | null = null;
  let last = Number.NEGATIVE_INFINITY;
  let stopped = false;

  // Later in this turn at the earliest, because one commit may wake an agent and several groups.
  const wake = (): void => {
    if (stopped) return;
    due ??= setTimeout(
      () => {
        due = null;
        last = performance.now();
        connection.wakeLists();
      },
      Math.max(0, last + listsEveryMs - performance.now()),
    );
  };

  const refresh = async (): Promise<void> => {
    const now = new Set(await store.groupKeys(caller));
    if (stopped) return;
    for (const [group, unsubscribe] of following) {
      if (now.has(group)) continue;
      unsubscribe();
      following.delete(group);
      wake();
    }
    for (const group of now) {
      if (following.has(group)) continue;
      following.set(group, wakeups.subscribe({ group }, wake));
      // What happened in it before is news to the page.
      wake();
    }
  };

  const lists: Lists = {
    wake,
    // A failing store ends the stream by the read that every wake makes; here it is only noted.
    refresh: () => void refresh().catch((error) => log.warn(describeError(error), 'groups could not be read')),
    stop(): void {
      stopped = true;
      if (due !== null) clearTimeout(due);
      for (const unsubscribe of following.values()) unsubscribe();
    },
  };
  lists.refresh();
  return lists;
}
