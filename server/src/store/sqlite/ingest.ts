import { type IngestEvent, isConversationEvent } from '@converso/shared';
import type { Planner } from '../../domain/plan.ts';
import { stampOf } from '../../domain/stamps.ts';
import type { Delivery, Ingested } from '../../ports/store.ts';
import type { Millis } from '../../ports/types.ts';
import { removeAgent, saveAgent } from './agents.ts';
import { saveContact } from './contacts.ts';
import type { Db } from './database.ts';
import { removeGroup, saveGroup } from './groups.ts';
import { ingestConversationEvent } from './ingest-conversation.ts';
import {
  affectedBy,
  beginUnitOfWork,
  type Refusal,
  streamsUnaffected,
  type UnitOfWork,
  type WriteResult,
} from './unit-of-work.ts';

/** Applies an event once. To run inside a transaction. */
export function ingest(
  db: Db,
  { businessId, eventId, event, receivedAt }: Delivery,
  planner: Planner,
): WriteResult<Ingested> {
  if (!noteEvent(db, businessId, eventId, receivedAt)) return streamsUnaffected<Ingested>({ outcome: 'duplicate' });

  const work = beginUnitOfWork(db, businessId, planner, receivedAt);
  const refusal = applyEvent(work, event, eventId);
  if (refusal === null) {
    const affected = affectedBy(work);
    // Other events change more than notifications: the removal of an agent, for example, ends sessions.
    const mustRead = isConversationEvent(event) ? [] : affected.agents;
    return { result: { outcome: 'stored', affected }, revisions: work.revisions, mustRead };
  }
  // The id stays free: once what was missing is there, the sender may try again.
  forgetEvent(db, businessId, eventId);
  return streamsUnaffected<Ingested>({ outcome: 'refused', ...refusal });
}

/** False if the id was noted before. */
export const noteEvent = (db: Db, businessId: string, eventId: string, at: Millis): boolean =>
  db
    .sql('INSERT INTO processed_events (business_id, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(businessId, eventId, at).changes > 0;

/** Frees the id of an event that was refused. */
export const forgetEvent = (db: Db, businessId: string, eventId: string): void =>
  void db.sql('DELETE FROM processed_events WHERE business_id = ? AND event_id = ?').run(businessId, eventId);

/** Applies an event, or returns why it is refused. */
export function applyEvent(work: UnitOfWork, event: IngestEvent, eventId: string): Refusal | null {
  if (isConversationEvent(event)) return ingestConversationEvent(work, event, eventId);
  const stamp = stampOf(event, eventId);
  switch (event.type) {
    case 'contact.saved':
      saveContact(work, event.data.contact, stamp);
      return null;
    case 'agent.saved':
      return saveAgent(work, event.data.agent, stamp);
    case 'agent.removed':
      removeAgent(work, event.data.id, stamp);
      return null;
    case 'group.saved':
      saveGroup(work, event.data.group, stamp);
      return null;
    case 'group.removed':
      return removeGroup(work, event.data.id, stamp);
  }
}
