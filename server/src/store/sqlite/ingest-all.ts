import { type IngestEvent, isConversationEvent } from '@converso/shared';
import type { Planner } from '../../domain/plan.ts';
import type { SourceBatch, SourceDelivery, SourceOutcome } from '../../ports/source-store.ts';
import type { Affected } from '../../ports/types.ts';
import { personWith } from './aliases.ts';
import { conversationById } from './conversations.ts';
import type { Db } from './database.ts';
import { applyEvent, forgetEvent, noteEvent } from './ingest.ts';
import { applyPrepared, type Prepared, prepareConversationEvent } from './ingest-conversation.ts';
import { sourceByKey } from './sources.ts';
import { affectedBy, beginUnitOfWork, type UnitOfWork, type WriteResult } from './unit-of-work.ts';

/** Applies the events of one request of a source. To run inside a transaction. */
export function ingestAll(
  db: Db,
  { businessId, sourceKey, deliveries, aliases, receivedAt, silently }: SourceBatch,
  planner: Planner,
): WriteResult<{ outcomes: SourceOutcome[]; affected: Affected }> {
  const work = beginUnitOfWork(db, businessId, planner, receivedAt);
  for (const identifiers of aliases) personWith(db, sourceKey, identifiers);
  // Events of one conversation are planned together, so that what is over after the last of them alerts nobody.
  const waiting = new Map<string, Prepared[]>();
  const outcomes = deliveries.map((delivery): SourceOutcome => {
    const event = asKnown(db, sourceKey, delivery);
    if (delivery.onlyIf === 'assistant' && !assistantHas(work, event)) return { outcome: 'skipped' };
    if (!noteEvent(db, businessId, delivery.eventId, receivedAt)) return { outcome: 'duplicate' };
    const refused = isConversationEvent(event)
      ? keepTogether(waiting, prepareConversationEvent(work, event, delivery.eventId, silently))
      : applyEvent(work, event, delivery.eventId);
    if (refused === null) return { outcome: 'stored' };
    forgetEvent(db, businessId, delivery.eventId);
    return { outcome: 'refused', ...refused };
  });
  const source = sourceByKey(db, sourceKey)?.id ?? null;
  for (const prepared of waiting.values()) applyPrepared(work, prepared, source);
  const affected = affectedBy(work);
  const mustRead = deliveries.every(({ event }) => isConversationEvent(event)) ? [] : affected.agents;
  return { result: { outcomes, affected }, revisions: work.revisions, mustRead };
}

function keepTogether(waiting: Map<string, Prepared[]>, prepared: ReturnType<typeof prepareConversationEvent>) {
  if (!('timelineEvent' in prepared)) return prepared;
  waiting.set(prepared.conversationId, [...(waiting.get(prepared.conversationId) ?? []), prepared]);
  return null;
}

/** The event, about the person under whose identifier the customer was first seen. */
const asKnown = (db: Db, sourceKey: string, { event, person }: SourceDelivery): IngestEvent =>
  person === undefined ? event : person.as(personWith(db, sourceKey, person.identifiers));

const assistantHas = ({ db, businessId }: UnitOfWork, event: IngestEvent): boolean =>
  isConversationEvent(event) &&
  conversationById(db, businessId, event.data.conversation.id)?.state.assignee?.kind === 'assistant';
