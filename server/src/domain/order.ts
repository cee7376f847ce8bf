/**
 * The order of a conversation's events: by time, with equal times by type, then by id. It depends on which events
 * there are and never on which arrived first. Two things move an event to a later place than its stamp says:
 *
 * - A stamp without fractions is compared by its second, where the type decides: the event takes the time of the latest
 *   event of that second which its type follows. Events with fractions keep their order among themselves, so this is
 *   one order for all, which comparing two by two would not be.
 * - A reply that names the customer's message it answers comes after that message.
 */
import type { TimelineEvent, TimelineEventType } from './timeline-event.ts';

/** Where an event stands in its conversation's order. */
export interface Key {
  at: number;
  rank: number;
  id: string;
}

/** An event with its place among all events of its conversation. */
export interface Placed {
  event: TimelineEvent;
  key: Key;
}

/** The rank that the store counts messages by. */
export const RECEIVED_RANK = 0;

/**
 * The order of events with equal times. What settles a message comes before it unless it answers it: senders that date
 * by the second assign a chat, receive its first message and answer it within one.
 */
const RANK: Record<Exclude<TimelineEventType, 'assigned' | 'saved'>, number> = {
  received: RECEIVED_RANK,
  handed_over: 1,
  sent: 3,
  note: 4,
  no_reply_needed: 5,
  closed: 6,
  reopened: 7,
};

/** The assistant has a chat before it gives up, and an agent takes it after that. */
const ASSIGNED_RANK = { assistant: -3, nobody: -2, agent: -1 } as const;

const rankOf = (event: TimelineEvent): number =>
  event.type === 'assigned' || event.type === 'saved'
    ? ASSIGNED_RANK[event.assignee?.kind ?? 'nobody']
    : RANK[event.type];

/** The place of an event by itself; beside others it may be later, see `inOrder`. */
export const keyOf = (event: TimelineEvent): Key => ({ at: event.at, rank: rankOf(event), id: event.id });

/** Negative if `a` comes first, 0 if both are the same event's. */
export const compareKeys = (a: Key, b: Key): number =>
  a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Whether both are the same event's, wherever it stood when they were noted. */
export const sameEvent = (a: Pick<Key, 'id'> | null, b: Pick<Key, 'id'>): boolean => a?.id === b.id;

const SECOND_MS = 1000;

/** When (epoch milliseconds) the second of a moment begins. */
export const secondOf = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS;

/** All events of a conversation, given in any order, in their own. */
export function inOrder(events: readonly TimelineEvent[]): Placed[] {
  const placed = withinSeconds(events);
  const messages = new Map(placed.filter(({ event }) => event.type === 'received').map(({ key }) => [key.id, key]));
  return placed
    .map(({ event, key }) => {
      const answered = event.type === 'sent' ? messages.get(event.inReplyTo ?? '') : undefined;
      return { event, key: answered ? { ...key, at: Math.max(key.at, answered.at) } : key };
    })
    .toSorted((a, b) => compareKeys(a.key, b.key));
}

/** Events with the places that their stamps give them. */
function withinSeconds(events: readonly TimelineEvent[]): Placed[] {
  const placed = events.map((event) => ({ event, key: keyOf(event) }));
  const seconds = new Set(events.filter(({ wholeSecond }) => wholeSecond).map(({ at }) => at));
  if (seconds.size === 0) return placed;
  const exact = placed.filter(({ event }) => !event.wholeSecond && seconds.has(secondOf(event.at)));
  const exactIn = Map.groupBy(exact, ({ event }) => secondOf(event.at));
  return placed.map(({ event, key }) => {
    const others = event.wholeSecond ? (exactIn.get(event.at) ?? []) : [];
    const followed = others.filter((other) => other.key.rank < key.rank).map((other) => other.key.at);
    return { event, key: { ...key, at: Math.max(key.at, ...followed) } };
  });
}

/** Messages that replies name and that are not there, at most so many, the latest: a sender may name what it never sent. */
const UNSEEN_MAX = 50;

/** The ids of the messages that replies name and that have not arrived. */
export function unseenMessages(placed: readonly Placed[]): string[] {
  const ids = new Set(placed.map(({ key }) => key.id));
  const named = placed.flatMap(({ event }) => (event.type === 'sent' ? (event.inReplyTo ?? []) : []));
  return named.filter((id) => !ids.has(id)).slice(-UNSEEN_MAX);
}
