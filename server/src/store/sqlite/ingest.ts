import { type IngestEvent, isConversationEvent } from '@converso/shared';
import type { Planner } from '../../domain/plan.ts';
import type { Delivery, Ingested } from '../../ports.ts';
import { removeAgent, saveAgent } from './agents.ts';
import { saveContact } from './contacts.ts';
import type { Db } from './database.ts';
import { removeGroup, saveGroup } from './groups.ts';
import { ingestConversationEvent } from './ingest-conversation.ts';
import { beginWork, type Refusal, touchedBy, type Work, type Written } from './work.ts';

/** Applies an event once. To run inside a transaction. */
export function ingest(
  db: Db,
  { businessId, eventId, event, receivedAt }: Delivery,
  planner: Planner,
): Written<Ingested> {
  const { changes } = db
    .sql('INSERT INTO processed_events (business_id, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(businessId, eventId, receivedAt);
  if (changes === 0) return { result: { outcome: 'duplicate' }, revisions: [] };

  const work = beginWork(db, businessId, planner, receivedAt);
  const refusal = applyEvent(work, event, eventId);
  if (refusal === null) return { result: { outcome: 'stored', touched: touchedBy(work) }, revisions: work.revisions };
  // The id stays free: once what was missing is there, the sender may try again.
  db.sql('DELETE FROM processed_events WHERE business_id = ? AND event_id = ?').run(businessId, eventId);
  return { result: { outcome: 'refused', ...refusal }, revisions: [] };
}

function applyEvent(work: Work, event: IngestEvent, eventId: string): Refusal | null {
  if (isConversationEvent(event)) return ingestConversationEvent(work, event, eventId);
  const stamp = { at: Date.parse(event.timestamp), removed: event.type.endsWith('.removed'), eventId };
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
