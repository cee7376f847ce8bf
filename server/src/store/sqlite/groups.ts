import type { IngestEvent } from '@converso/shared';
import { teamChange } from '../../domain/membership.ts';
import { isNewer, type Stamp } from '../../domain/stamps.ts';
import type { GroupKey } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { conversationsOf, leaveConversations, toldOfIn, waitingIn } from './membership.ts';
import { teamOf } from './people.ts';
import type { Refusal, UnitOfWork } from './unit-of-work.ts';

type SavedGroup = Extract<IngestEvent, { type: 'group.saved' }>['data']['group'];

interface StoredGroup extends Stamp {
  key: GroupKey;
  name: string;
}

function storedGroup(db: Db, businessId: string, id: string): StoredGroup | null {
  const row = db
    .sql<{ key: GroupKey; name: string; active: number; at: number; eventId: string }>(
      'SELECT key, name, active, saved_at AS at, saved_by AS eventId FROM groups WHERE business_id = ? AND id = ?',
    )
    .get(businessId, id);
  return row === undefined ? null : { ...row, removed: row.active === 0 };
}

/**
 * Adds or changes a group and its team, unless something newer is known. Who leaves loses its chats and what
 * was told of them; who joins gets what waits, silently; a new name shows at once.
 */
export function saveGroup(work: UnitOfWork, group: SavedGroup, stamp: Stamp): void {
  const { db, businessId, affected } = work;
  const before = storedGroup(db, businessId, group.id);
  if (before !== null && !isNewer(stamp, before)) return;
  const oldTeam = before === null ? [] : teamOf(db, businessId, before.key);
  const key = writeGroup(work, group.id, group.name, stamp);
  setMembers(work, key, group.agentIds);
  affected.groups.add(key);
  if (before === null) return;

  const { left, joined } = teamChange(oldTeam, teamOf(db, businessId, key));
  const concerned = new Set([
    ...left.flatMap((agent) => conversationsOf(db, agent.key).filter((conversation) => isIn(db, conversation, key))),
    ...(joined.length > 0 ? waitingIn(db, key) : []),
    ...(before.name === group.name ? [] : toldOfIn(db, businessId, key)),
  ]);
  leaveConversations(work, new Set(left.map(({ id }) => id)), concerned, stamp, joined);
  for (const agent of [...left, ...joined]) affected.agents.add(agent.key);
}

/** Deactivates a group, unless something newer is known. Refused while it has open conversations. */
export function removeGroup(work: UnitOfWork, id: string, stamp: Stamp): Refusal | null {
  const { db, businessId, affected } = work;
  const before = storedGroup(db, businessId, id);
  if (before !== null && !isNewer(stamp, before)) return null;
  if (before !== null && hasOpenConversations(db, before.key)) {
    return { field: 'data.id', message: 'has open conversations' };
  }
  const key = writeGroup(work, id, before?.name ?? '', stamp);
  setMembers(work, key, []);
  affected.groups.add(key);
  return null;
}

const isIn = (db: Db, conversationKey: number, groupKey: GroupKey): boolean =>
  db.sql('SELECT 1 FROM conversations WHERE key = ? AND group_key = ?').get(conversationKey, groupKey) !== undefined;

const hasOpenConversations = (db: Db, groupKey: GroupKey): boolean =>
  db.sql("SELECT 1 FROM conversations WHERE group_key = ? AND status = 'open'").get(groupKey) !== undefined;

function writeGroup({ db, businessId }: UnitOfWork, id: string, name: string, stamp: Stamp): GroupKey {
  db.directory.forget();
  return db
    .sql(
      `INSERT INTO groups (business_id, id, name, active, saved_at, saved_by) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET name = excluded.name, active = excluded.active, saved_at = excluded.saved_at,
         saved_by = excluded.saved_by RETURNING key`,
    )
    .pluck()
    .get(businessId, id, name, stamp.removed ? 0 : 1, stamp.at, stamp.eventId) as GroupKey;
}

function setMembers({ db, businessId }: UnitOfWork, groupKey: GroupKey, agentIds: readonly string[]): void {
  db.directory.forget();
  db.sql('DELETE FROM group_members WHERE group_key = ?').run(groupKey);
  const add = db.sql(
    'INSERT INTO group_members (group_key, agent_id, business_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const agentId of agentIds) add.run(groupKey, agentId, businessId);
}
