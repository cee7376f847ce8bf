/**
 * Wakeups within this one process. The state is the listeners and the keys that are woken by the next flush. Collecting
 * wakes until the flush means that a burst of commits costs each stream one read and one write, not one for each commit.
 */
import type { Affected, AgentKey, GroupKey } from '../ports/types.ts';
import type { Wakeups } from '../ports/wakeups.ts';

type Listeners = Map<number, (() => void)[]>;

/**
 * Milliseconds of debounce window for each listener that a flush called. It is two to three times what one call costs,
 * so that writes get at least as much time as streams. With a few streams the window is too short to notice. Under load
 * each stream gets several events in one write, and the server keeps up.
 */
const WINDOW_PER_CALL_MS = 0.03;
/** Upper limit of the debounce window, so that no wake waits longer than this. */
const MAX_WINDOW_MS = 40;
/** Timers are not finer than this, so a shorter window is skipped. */
const MIN_WINDOW_MS = 1;

/** When a flush runs, and the clock that measures it. Tests pass their own. */
export interface Scheduler {
  /** Calls back after the I/O of this turn of the event loop. */
  soon(flush: () => void): void;
  after(ms: number, flush: () => void): void;
  /** Milliseconds, of any epoch. */
  now(): number;
}

const NODE_SCHEDULER: Scheduler = {
  soon: setImmediate,
  after: (ms, flush) => void setTimeout(flush, ms),
  now: () => performance.now(),
};

/** Listeners are called one after the other. They must not throw, and a promise that they return is not awaited. */
export function createLocalWakeups({ soon, after, now }: Scheduler = NODE_SCHEDULER): Wakeups {
  const agents: Listeners = new Map();
  const groups: Listeners = new Map();
  const wokenAgents = new Set<AgentKey>();
  const wokenGroups = new Set<GroupKey>();
  let deferred = false;
  let windowEndsAt = Number.NEGATIVE_INFINITY;

  /** Returns how many listeners it called. */
  const callAll = (woken: Set<number>, listeners: Listeners): number => {
    const keys = [...woken];
    woken.clear();
    let calls = 0;
    for (const key of keys) {
      for (const listener of listeners.get(key) ?? []) {
        calls += 1;
        listener();
      }
    }
    return calls;
  };

  const flush = (): void => {
    deferred = false;
    const calls = callAll(wokenAgents, agents) + callAll(wokenGroups, groups);
    windowEndsAt = now() + Math.min(MAX_WINDOW_MS, calls * WINDOW_PER_CALL_MS);
  };

  return {
    wake(affected: Affected): void {
      for (const key of affected.agents) if (agents.has(key)) wokenAgents.add(key);
      for (const key of affected.groups) if (groups.has(key)) wokenGroups.add(key);
      if (deferred || wokenAgents.size + wokenGroups.size === 0) return;
      deferred = true;
      const debounceWindow = windowEndsAt - now();
      if (debounceWindow < MIN_WINDOW_MS) soon(flush);
      else after(debounceWindow, flush);
    },

    subscribe(topic, onWake): () => void {
      const [listeners, key] = 'agent' in topic ? [agents, topic.agent] : [groups, topic.group];
      // A new array each time, because a flush may be iterating over the old one.
      listeners.set(key, [...(listeners.get(key) ?? []), onWake]);
      let subscribed = true;
      return () => {
        const listening = listeners.get(key);
        if (!subscribed || listening === undefined) return;
        subscribed = false;
        if (listening.length === 1) listeners.delete(key);
        else listeners.set(key, listening.toSpliced(listening.indexOf(onWake), 1));
      };
    },
  };
}
