/**
 * Wakeups within this one process. Keeps who listens, and until the end of the current turn of the event loop
 * whom to wake: a burst of commits then costs each stream one read, not one a commit.
 */
import type { AgentKey, GroupKey, Touched, Wakeups } from '../ports.ts';

type Listeners = Map<number, Set<() => void>>;

/**
 * Listeners are called one after the other and must not throw; what they do is theirs to await.
 * @param defer runs the wakes collected so far; the default is after the I/O of this turn
 */
export function createLocalWakeups(defer: (flush: () => void) => void = setImmediate): Wakeups {
  const agents: Listeners = new Map();
  const groups: Listeners = new Map();
  const wokenAgents = new Set<AgentKey>();
  const wokenGroups = new Set<GroupKey>();
  let deferred = false;

  const callAll = (woken: Set<number>, listeners: Listeners): void => {
    const keys = [...woken];
    woken.clear();
    for (const key of keys) for (const listener of [...(listeners.get(key) ?? [])]) listener();
  };

  const flush = (): void => {
    deferred = false;
    callAll(wokenAgents, agents);
    callAll(wokenGroups, groups);
  };

  return {
    wake(touched: Touched): void {
      for (const key of touched.agents) if (agents.has(key)) wokenAgents.add(key);
      for (const key of touched.groups) if (groups.has(key)) wokenGroups.add(key);
      if (deferred || wokenAgents.size + wokenGroups.size === 0) return;
      deferred = true;
      defer(flush);
    },

    subscribe(topic, onWake): () => void {
      const [listeners, key] = 'agent' in topic ? [agents, topic.agent] : [groups, topic.group];
      const listening = listeners.get(key) ?? new Set();
      listeners.set(key, listening);
      // A function of its own, so that the same listener may subscribe twice and leave once.
      const listener = (): void => onWake();
      listening.add(listener);
      return () => {
        listening.delete(listener);
        if (listening.size === 0 && listeners.get(key) === listening) listeners.delete(key);
      };
    },
  };
}
