import type { Affected, AgentKey, GroupKey } from './types.ts';

/** Tells the streams, wherever they are, that there is something to read. Ids only; losing one is harmless after a reconnect. */
export interface Wakeups {
  wake(affected: Affected): void;
  /** Calls `onWake` on every wake of the agent or (with `groups`) of one of the groups, until the returned function is called. */
  subscribe(topic: { agent: AgentKey } | { group: GroupKey }, onWake: () => void): () => void;
}
