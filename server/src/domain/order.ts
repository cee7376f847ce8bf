/**
 * The order of a conversation's entries: by time, with equal times by type, then by id. It depends on which entries
 * there are and never on which arrived first.
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
const RANK: Record<Exclude<EntryType, 'assigned'>, number> = {
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
  entry.type === 'assigned' ? ASSIGNED_RANK[entry.assignee?.kind ?? 'nobody'] : RANK[entry.type];

/** The place of an entry by itself; beside others it may be later, see `inOrder`. */
export const keyOf = (entry: Entry): Key => ({ at: entry.at, rank: rankOf(entry), id: entry.id });

/** Negative if `a` comes first, 0 if both are the same entry's. */
export const compareKeys = (a: Key, b: Key): number =>
  a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Whether both are the same entry's, wherever it stood when they were noted. */
export const sameEntry = (a: Pick<Key, 'id'> | null, b: Pick<Key, 'id'>): boolean => a?.id === b.id;

/** All entries of a conversation, given in any order, in their own. */
export const inOrder = (entries: readonly Entry[]): Placed[] =>
  entries.map((entry) => ({ entry, key: keyOf(entry) })).toSorted((a, b) => compareKeys(a.key, b.key));
