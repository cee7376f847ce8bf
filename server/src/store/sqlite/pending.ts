import type { TimelineEvent } from '../../domain/timeline-event.ts';
import { activeAgent, groupById } from './people.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How long (milliseconds) an event waits for its conversation to appear. */
const PENDING_MS = 24 * 60 * 60 * 1000;

/** Keeps an event of a conversation that is not known yet, also if it waited in vain before and is still there. */
export function keepForLater({ db, businessId, now }: UnitOfWork, conversationId: string, event: TimelineEvent): void {
  db.sql(
    `INSERT INTO pending_entries (business_id, conversation_id, entry_id, data, expires_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at WHERE expires_at <= ?`,
  ).run(businessId, conversationId, event.id, JSON.stringify(event), now + PENDING_MS, now);
}

/** Takes out the entries that waited for this conversation, but for the one that `makingId` names, which makes it. */
export function takePending(work: UnitOfWork, conversationId: string, makingId: string): TimelineEvent[] {
  const { db, businessId, now } = work;
  const rows = db
    .sql<{ data: string; expiresAt: number }>(
      `DELETE FROM pending_entries WHERE business_id = ? AND conversation_id = ?
       RETURNING data, expires_at AS expiresAt`,
    )
    .all(businessId, conversationId);
  return rows
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ data }) => JSON.parse(data) as TimelineEvent)
    .filter(({ id }) => id !== makingId)
    .map((event) => asOfNow(work, event));
}

/** An agent or a group that was removed while the event waited can be given or hold nothing any more. */
function asOfNow({ db, businessId }: UnitOfWork, event: TimelineEvent): TimelineEvent {
  const { groupId, ...rest } = event;
  const kept = groupId !== undefined && groupById(db, businessId, groupId)?.active ? event : (rest as TimelineEvent);
  if ((kept.type !== 'assigned' && kept.type !== 'saved') || kept.assignee?.kind !== 'agent') return kept;
  return activeAgent(db, businessId, kept.assignee.agentId) ? kept : { ...kept, assignee: null };
}
