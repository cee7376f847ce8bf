/**
 * The order of a conversation's entries: by time, with equal times by type, then by id. It depends on which entries
 * there are and never on which arrived first. Two things move an entry to a later place than its stamp says:
 *
 * - A stamp without fractions is compared by its second, where the type decides: the entry takes the time of the latest
 *   entry of that second which its type follows. Entries with fractions keep their order among themselves, so this is
 *   one order for all, which comparing two by two would not be.
 * - A reply that names the customer's message it answers comes after that message.
 */
import type { Entry, EntryType } from './entry.ts';

/** Where an entry stands in its conversation's order. */
export interface Key {
  at: number;
  rank: number;
  id: string;
}

/** An entry with its place among all entries of its conversation. */
export interface Placed {
  entry: Entry;
  key: Key;
}

/** The rank that the store counts messages by. */
export const RECEIVED_RANK = 0;

/**
 * The order of entries with equal times. What settles a message comes before it unless it answers it: senders that date
 * by the second assign a chat, receive its first message and answer it within one.
 */
const RANK: Record<Exclude<EntryType, 'assigned' | 'saved'>, number> = {
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

const rankOf = (entry: Entry): number =>
  entry.type === 'assigned' || entry.type === 'saved'
    ? ASSIGNED_RANK[entry.assignee?.kind ?? 'nobody']
    : RANK[entry.type];

/** The place of an entry by itself; beside others it may be later, see `inOrder`. */
export const keyOf = (entry: Entry): Key => ({ at: entry.at, rank: rankOf(entry), id: entry.id });

/** Negative if `a` comes first, 0 if both are the same entry's. */
export const compareKeys = (a: Key, b: Key): number =>
  a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Whether both are the same entry's, wherever it stood when they were noted. */
export const sameEntry = (a: Pick<Key, 'id'> | null, b: Pick<Key, 'id'>): boolean => a?.id === b.id;

const SECOND_MS = 1000;

/** When (epoch milliseconds) the second of a moment begins. */
export const secondOf = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS;

/** All entries of a conversation, given in any order, in their own. */
export function inOrder(entries: readonly Entry[]): Placed[] {
  const placed = withinSeconds(entries);
  const messages = new Map(placed.filter(({ entry }) => entry.type === 'received').map(({ key }) => [key.id, key]));
  return placed
    .map(({ entry, key }) => {
      const answered = entry.type === 'sent' ? messages.get(entry.inReplyTo ?? '') : undefined;
      return { entry, key: answered ? { ...key, at: Math.max(key.at, answered.at) } : key };
    })
    .toSorted((a, b) => compareKeys(a.key, b.key));
}

/** Entries with the places that their stamps give them. */
function withinSeconds(entries: readonly Entry[]): Placed[] {
  const placed = entries.map((entry) => ({ entry, key: keyOf(entry) }));
  const seconds = new Set(entries.filter(({ wholeSecond }) => wholeSecond).map(({ at }) => at));
  if (seconds.size === 0) return placed;
  const exact = placed.filter(({ entry }) => !entry.wholeSecond && seconds.has(secondOf(entry.at)));
  const exactIn = Map.groupBy(exact, ({ entry }) => secondOf(entry.at));
  return placed.map(({ entry, key }) => {
    const others = entry.wholeSecond ? (exactIn.get(entry.at) ?? []) : [];
    const followed = others.filter((other) => other.key.rank < key.rank).map((other) => other.key.at);
    return { entry, key: { ...key, at: Math.max(key.at, ...followed) } };
  });
}

/** Messages that replies name and that are not there, at most so many, the latest: a sender may name what it never sent. */
const UNSEEN_MAX = 50;

/** The ids of the messages that replies name and that have not arrived. */
export function unseenMessages(placed: readonly Placed[]): string[] {
  const ids = new Set(placed.map(({ key }) => key.id));
  const named = placed.flatMap(({ entry }) => (entry.type === 'sent' ? (entry.inReplyTo ?? []) : []));
  return named.filter((id) => !ids.has(id)).slice(-UNSEEN_MAX);
}
