import { nothingPending } from '../../domain/audience.ts';
import { type ConversationState, emptyConversation } from '../../domain/conversation.ts';
import { type Entry, keyOf } from '../../domain/entry.ts';
import type { GroupKey } from '../../ports.ts';
import type { Db } from './database.ts';
import type { People } from './people.ts';
import type { Work } from './work.ts';

export interface StoredConversation {
  key: number;
  id: string;
  channel: string;
  state: ConversationState;
}

type Row = Omit<StoredConversation, 'state'> & { state: string };

const stored = (row: Row | undefined): StoredConversation | null =>
  row === undefined ? null : { ...row, state: JSON.parse(row.state) as ConversationState };

export const conversationById = (db: Db, businessId: string, id: string): StoredConversation | null =>
  stored(
    db
      .sql<Row>('SELECT key, id, channel, state FROM conversations WHERE business_id = ? AND id = ?')
      .get(businessId, id),
  );

export const conversationByKey = (db: Db, key: number): StoredConversation =>
  stored(db.sql<Row>('SELECT key, id, channel, state FROM conversations WHERE key = ?').get(key))!;

/** A conversation in which nothing has happened yet. */
export function makeConversation(
  { db, businessId, now }: Work,
  { id, channel, groupId, groupKey }: { id: string; channel: string; groupId: string; groupKey: GroupKey },
): StoredConversation {
  const state = emptyConversation(groupId);
  const { lastInsertRowid } = db
    .sql(
      `INSERT INTO conversations (business_id, id, channel, state, group_key, status, pending, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?)`,
    )
    .run(businessId, id, channel, JSON.stringify(state), groupKey, state.status, now);
  return { key: Number(lastInsertRowid), id, channel, state };
}

/** Keeps the state and what queries need of it. */
export function saveState({ db, now }: Work, key: number, state: ConversationState, people: People): void {
  const { assignee, customer } = state;
  db.sql(
    `UPDATE conversations SET state = ?, group_key = ?, status = ?, assignee_kind = ?, assignee_agent_key = ?,
       waiting_since = ?, pending = ?, updated_at = ?, address = ?, guest_id = ? WHERE key = ?`,
  ).run(
    JSON.stringify(state),
    people.groups.get(state.groupId)?.key,
    state.status,
    assignee?.kind ?? null,
    assignee?.kind === 'agent' ? (people.agents.get(assignee.agentId)?.key ?? null) : null,
    state.waitingSince,
    nothingPending(state) ? 0 : 1,
    state.last?.at ?? now,
    customer.address ?? null,
    customer.guestId ?? null,
    key,
  );
}

export const hasEntry = (db: Db, conversationKey: number, entryId: string): boolean =>
  db.sql('SELECT 1 FROM entries WHERE conversation_key = ? AND entry_id = ?').get(conversationKey, entryId) !==
  undefined;

export function addEntry(db: Db, conversationKey: number, entry: Entry): void {
  const { at, rank, id } = keyOf(entry);
  db.sql('INSERT INTO entries (conversation_key, entry_id, at, rank, data) VALUES (?, ?, ?, ?, ?)').run(
    conversationKey,
    id,
    at,
    rank,
    JSON.stringify(entry),
  );
}

export const entriesOf = (db: Db, conversationKey: number): Entry[] =>
  db
    .sql<{ data: string }>('SELECT data FROM entries WHERE conversation_key = ?')
    .all(conversationKey)
    .map(({ data }) => JSON.parse(data) as Entry);
