/** The words that several ports share. */
import type { Agent } from '@converso/shared';

/** Epoch milliseconds. */
export type Millis = number;

export interface Clock {
  now(): Millis;
  /**
   * The time by which a session may have ended, which cannot be undone on the device. It leaves out a jump ahead that
   * has not lasted for an hour; without it, `now` counts.
   */
  believed?(): Millis;
}

/** The store's own number of an agent, unique across businesses and never used again. */
export type AgentKey = number;
/** Likewise of a group. */
export type GroupKey = number;

/** Who is asking: an active agent, in one session. */
export interface Caller {
  sessionId: string;
  agentKey: AgentKey;
  businessId: string;
  agent: Agent;
}

/** Whom a change concerns: agents whose stream has news, groups whose conversation lists changed. */
export interface Affected {
  agents: AgentKey[];
  groups: GroupKey[];
}
