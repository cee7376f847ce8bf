/**
 * One conversation and its agents in memory, so that tables can tell a story and look at the end of it.
 * Ana, Ben and the admin Dana are the team of `support`; Ben has muted the assistant's chats; Eve has left
 * the company; Fay is in `sales` only.
 */
import type { AgentFacts, People } from '../../src/domain/audience.ts';
import { type ConversationState, emptyConversation } from '../../src/domain/conversation.ts';
import { type Change, type OpenNotification, plan } from '../../src/domain/plan.ts';
import type { Actor, Assignee, TimelineEvent } from '../../src/domain/timeline-event.ts';
import { needsHistory } from '../../src/domain/transition.ts';

const agent = (key: number, name: string, facts: Partial<AgentFacts> = {}): [string, AgentFacts] => [
  name,
  { key, id: name, name, active: true, assistantChats: true, ...facts },
];
const AGENTS = new Map([
  agent(1, 'Ana'),
  agent(2, 'Ben', { assistantChats: false }),
  agent(3, 'Dana'),
  agent(4, 'Eve', { active: false }),
  agent(5, 'Fay'),
]);
const TEAMS = { support: ['Ana', 'Ben', 'Dana', 'Eve'], sales: ['Fay', 'Dana'] };

export const by = (agentId: string): Actor => ({ kind: 'agent', agentId });
export const assistant: Actor & Assignee = { kind: 'assistant' };
export const person: Actor = { kind: 'person' };
export const automatic: Actor = { kind: 'automatic' };
export const to = (agentId: string): Assignee => ({ kind: 'agent', agentId });

let made = 0;
type Told = { at: number } & Partial<Pick<TimelineEvent, 'id' | 'imported' | 'groupId' | 'wholeSecond'>>;
const at = (told: Told | number) => {
  const facts = typeof told === 'number' ? { at: told } : told;
  made += 1;
  return { id: `e:${made}`, imported: false, ...facts };
};

export const received = (when: Told | number, text = 'Hello?'): TimelineEvent => ({
  ...at(when),
  type: 'received',
  text,
  attachments: [],
});
export const sent = (when: Told | number, who: Actor, inReplyTo?: string): TimelineEvent => ({
  ...at(when),
  type: 'sent',
  by: who,
  text: 'Hi!',
  ...(inReplyTo === undefined ? {} : { inReplyTo }),
});
export const note = (when: Told | number, who: Actor): TimelineEvent => ({
  ...at(when),
  type: 'note',
  by: who,
  text: 'hm',
});
export const assigned = (when: Told | number, assignee: Assignee, who: Actor | null = null): TimelineEvent => ({
  ...at(when),
  type: 'assigned',
  assignee,
  by: who,
});
export const handedOver = (when: Told | number): TimelineEvent => ({ ...at(when), type: 'handed_over', reason: null });
export const act = (
  type: 'closed' | 'reopened' | 'no_reply_needed',
  when: Told | number,
  who: Actor | null = null,
): TimelineEvent => ({ ...at(when), type, by: who });

interface Row extends OpenNotification {
  state: 'open' | 'read' | 'settled';
  settledBy: string | null;
  alerts: number;
}

export class Chat {
  state: ConversationState = emptyConversation('support');
  readonly rows: Row[] = [];
  #history: TimelineEvent[] = [];
  #people: People;

  constructor(teams: Record<string, string[]> = TEAMS) {
    this.#people = { agents: AGENTS, teams: new Map(Object.entries(teams)) };
  }

  /** Applies events as they arrive, each in a plan of its own. */
  happens(...events: TimelineEvent[]): this {
    for (const event of events) this.together([event]);
    return this;
  }

  /** Applies events in one plan. */
  together(events: TimelineEvent[], more: { joined?: string[]; customer?: string } = {}): this {
    const planned = plan(
      {
        conversation: { id: 'c1', channel: 'whatsapp', source: null, ref: null },
        before: this.state,
        // As stores do, which read it only where it is needed.
        history: needsHistory(this.state, events) ? this.#history : [],
        people: this.#people,
        groupNames: new Map([
          ['support', 'Support'],
          ['sales', 'Sales'],
        ]),
        customer: { kind: 'contact', name: more.customer ?? null, address: '+34600000001' },
        open: this.rows.filter(({ state }) => state === 'open'),
        joined: (more.joined ?? []).map((name) => AGENTS.get(name)!),
      },
      events,
    );
    this.#history = [...this.#history, ...events];
    this.state = planned.state;
    for (const change of planned.changes) this.#apply(change, JSON.stringify(planned.content));
    return this;
  }

  /** The agent opens the conversation. */
  reads(name: string): this {
    for (const row of this.rows) if (row.agentKey === AGENTS.get(name)?.key && row.state === 'open') row.state = 'read';
    return this;
  }

  #apply(change: Change, content: string): void {
    if (change.op === 'insert') {
      const { agentKey, reason, why, messageCount, alert } = change;
      const id = `n${this.rows.length + 1}`;
      this.rows.push({
        id,
        agentKey,
        reason,
        why,
        messageCount,
        content,
        state: 'open',
        settledBy: null,
        alerts: +alert,
      });
      return;
    }
    const row = this.rows.find(({ id }) => id === change.id)!;
    if (change.op === 'end') Object.assign(row, { state: change.state, settledBy: change.settledBy });
    else Object.assign(row, { ...change, content, alerts: row.alerts + +change.alert });
  }

  /** Each agent's open notification, as `reason why count alerts`. */
  get open(): Record<string, string> {
    return this.#show(
      ({ state }) => state === 'open',
      ({ reason, why, messageCount, alerts }) => `${reason} ${why} ${messageCount} told ${alerts}×`,
    );
  }

  /** Each agent's ended notification, as `read`, or `settled` with by whom. */
  get ended(): Record<string, string> {
    return this.#show(
      ({ state }) => state !== 'open',
      ({ state, settledBy }) => (state === 'read' ? state : `settled by ${settledBy ?? 'nobody known'}`),
    );
  }

  #show(which: (row: Row) => boolean, how: (row: Row) => string): Record<string, string> {
    const names = new Map([...AGENTS.values()].map(({ key, name }) => [key, name]));
    return Object.fromEntries(this.rows.filter(which).map((row) => [names.get(row.agentKey)!, how(row)]));
  }
}
