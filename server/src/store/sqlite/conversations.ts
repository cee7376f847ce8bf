import type { Origin } from '@converso/shared';
import { nothingPending } from '../../domain/audience.ts';
import { type ConversationState, emptyConversation } from '../../domain/conversation.ts';
import { keyOf } from '../../domain/order.ts';
import type { TimelineEvent } from '../../domain/timeline-event.ts';
import type { Db } from './database.ts';
import type { People } from './people.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface Conversation {
  /** Null until it is stored. */
  key: number | null;
  id: string;
  channel: string;
  /** Where it came from; it stays as it was when the conversation was made. */
  source: string | null;
  ref: string | null;
  state: ConversationState;
  /** What its open notifications show, or showed last (JSON); null if it never had one. */
  shown: string | null;
  /** The row of `contents` that holds the same, if there is one. */
  contentId: number | null;
}

export type StoredConversation = Conversation & { key: number };

type Row = Omit<StoredConversation, 'state'> & { state: string };

const COLUMNS = 'key, id, channel, source, ref, state, shown, content_id AS contentId';

/** Members that states of older versions lack. */
const SINCE_ADDED = { awaitsPerson: false, wholeSecond: null, unseen: [] } satisfies Partial<ConversationState>;

const stateOf = (json: string): ConversationState => ({ ...SINCE_ADDED, ...JSON.parse(json) });

const stored = (row: Row | undefined): StoredConversation | null =>
  row === undefined ? null : { ...row, state: stateOf(row.state) };

export const conversationById = (db: Db, businessId: string, id: string): StoredConversation | null =>
  stored(db.sql<Row>(`SELECT ${COLUMNS} FROM conversations WHERE business_id = ? AND id = ?`).get(businessId, id));

export const conversationByKey = (db: Db, key: number): StoredConversation =>
  stored(db.sql<Row>(`SELECT ${COLUMNS} FROM conversations WHERE key = ?`).get(key))!;

/** A conversation without events; `saveConversation` stores it together with the first ones. */
export const newConversation = (id: string, channel: string, groupId: string, origin: Origin): Conversation => ({
  key: null,
  id,
  channel,
  source: origin.source,
  ref: origin.ref,
  state: emptyConversation(groupId),
  shown: null,
  contentId: null,
});

/** The columns besides business, id, channel and state. Most are derived from the state, for queries. */
const columnsOf = ({ state, shown, contentId }: Omit<Conversation, 'key'>, people: People, now: number) => ({
  group_key: people.groups.get(state.groupId)?.key,
  status: state.status,
  assignee_kind: state.assignee?.kind ?? null,
  assignee_agent_key:
    state.assignee?.kind === 'agent' ? (people.agents.get(state.assignee.agentId)?.key ?? null) : null,
  waiting_since: state.waitingSince,
  pending: nothingPending(state) ? 0 : 1,
  updated_at: state.last?.at ?? now,
  address: state.customer.address ?? null,
  guest_id: state.customer.guestId ?? null,
  shown,
  content_id: contentId,
});

/**
 * Stores a conversation as it is after an event. An UPDATE names only the columns that change, because SQLite rewrites
 * the indexes of every column that is named, and most messages change hardly any.
 * @returns its key
 */
export function saveConversation(work: UnitOfWork, before: Conversation, after: Conversation, people: People): number {
  const { db, now } = work;
  const columns = columnsOf(after, people, now);
  if (before.key === null) return addConversation(work, after, columns);
  const was: Record<string, unknown> = columnsOf(before, people, now);
  const changed = Object.entries(columns).filter(([column, value]) => value !== was[column]);
  const values: [string, unknown][] =
    before.state === after.state ? changed : [['state', JSON.stringify(after.state)], ...changed];
  if (values.length > 0) {
    const set = values.map(([column]) => `${column} = ?`).join(', ');
    db.sql(`UPDATE conversations SET ${set} WHERE key = ?`).run(...values.map(([, value]) => value), before.key);
  }
  return before.key;
}

function addConversation(
  { db, businessId }: UnitOfWork,
  { id, channel, source, ref, state }: Conversation,
  derived: object,
): number {
  const row = { business_id: businessId, id, channel, source, ref, state: JSON.stringify(state), ...derived };
  const columns = Object.keys(row);
  const { lastInsertRowid } = db
    .sql(`INSERT INTO conversations (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    .run(...Object.values(row));
  return Number(lastInsertRowid);
}

export const hasEvent = (db: Db, conversationKey: number, entryId: string): boolean =>
  db.sql('SELECT 1 FROM entries WHERE conversation_key = ? AND entry_id = ?').get(conversationKey, entryId) !==
  undefined;

/** Stores an event. Returns false, and writes nothing, if the conversation has it already. */
export function addEvent(db: Db, conversationKey: number, event: TimelineEvent): boolean {
  const { at, rank, id } = keyOf(event);
  const { changes } = db
    .sql(
      'INSERT INTO entries (conversation_key, entry_id, at, rank, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    .run(conversationKey, id, at, rank, JSON.stringify(event));
  return changes === 1;
}

export const eventsOf = (db: Db, conversationKey: number): TimelineEvent[] =>
  db
    .sql<{ data: string }>('SELECT data FROM entries WHERE conversation_key = ?')
    .all(conversationKey)
    .map(({ data }) => JSON.parse(data) as TimelineEvent);

/** Stores the content shown by the notifications that end now, unless it is stored already. Returns its row. */
export const keepShown = (db: Db, { shown, contentId }: Pick<Conversation, 'shown' | 'contentId'>): number =>
  contentId ?? Number(db.sql('INSERT INTO contents (data) VALUES (?)').run(shown).lastInsertRowid);
