/**
 * Wakeups within this one process. Keeps who listens, and until the next flush whom to wake: a burst of commits then
 * costs each stream one read and one write, not one a commit.
 */
import type { Affected, AgentKey, GroupKey, Wakeups } from '../ports/store.ts';

type Listeners = Map<number, (() => void)[]>;

/**
 * A flush is followed by a rest, in which wakes are collected, of so many milliseconds for each listener it called:
 * some two or three times what it takes to tell that listener, so that telling leaves time for what leads to it. With a few
 * streams that is nothing. Under a load at which telling streams is most of the work, each is told of several events at
 * once, and the server keeps up.
 */
const REST_PER_CALL_MS = 0.03;
/** Nobody waits longer than this (milliseconds) for the next flush. */
const MOST_REST_MS = 40;
/** A rest shorter than this (milliseconds) is none: no timer is that fine. */
const LEAST_REST_MS = 1;

/** When a flush runs, and by which clock; tests decide both. */
export interface Turns {
  /** After the I/O of this turn of the event loop. */
  soon(flush: () => void): void;
  after(ms: number, flush: () => void): void;
  /** Milliseconds, of any epoch. */
  now(): number;
}

const TURNS: Turns = {
  soon: setImmediate,
  after: (ms, flush) => void setTimeout(flush, ms),
  now: () => performance.now(),
};

/** Listeners are called one after the other and must not throw, and what they await is theirs. */
export function createLocalWakeups({ soon, after, now }: Turns = TURNS): Wakeups {
  const agents: Listeners = new Map();
  const groups: Listeners = new Map();
  const wokenAgents = new Set<AgentKey>();
  const wokenGroups = new Set<GroupKey>();
  let deferred = false;
  let restUntil = Number.NEGATIVE_INFINITY;

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
    restUntil = now() + Math.min(MOST_REST_MS, calls * REST_PER_CALL_MS);
  };

  return {
    wake(affected: Affected): void {
      for (const key of affected.agents) if (agents.has(key)) wokenAgents.add(key);
      for (const key of affected.groups) if (groups.has(key)) wokenGroups.add(key);
      if (deferred || wokenAgents.size + wokenGroups.size === 0) return;
      deferred = true;
      const rest = restUntil - now();
      if (rest < LEAST_REST_MS) soon(flush);
      else after(rest, flush);
    },

    subscribe(topic, onWake): () => void {
      const [listeners, key] = 'agent' in topic ? [agents, topic.agent] : [groups, topic.group];
      // A list each time, so that a flush that goes through the old one is not disturbed.
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
