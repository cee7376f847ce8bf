import type { IngestEvent } from '@converso/shared';
import type { AppDeps } from '../deps.ts';
import { plan } from '../domain/plan.ts';
import { isFromTheFuture } from '../domain/timeline-event-of.ts';
import type { Ingested } from '../ports/store.ts';

/**
 * Records an event and wakes whom it concerns. Resolves once it is on disk.
 * @param eventId the sender's `webhook-id`
 */
export async function ingest(
  { store, wakeups, clock, metrics }: Pick<AppDeps, 'store' | 'wakeups' | 'clock' | 'metrics'>,
  businessId: string,
  eventId: string,
  event: IngestEvent,
): Promise<Ingested> {
  const count = (outcome: Ingested['outcome'] | 'failed') => metrics.events.inc({ type: event.type, outcome });
  const receivedAt = clock.now();
  if (isFromTheFuture(event, receivedAt)) {
    count('refused');
    return { outcome: 'refused', field: 'timestamp', message: 'is more than 5 minutes ahead' };
  }
  const ingested = await store.ingest({ businessId, eventId, event, receivedAt }, plan).catch((error: unknown) => {
    count('failed');
    throw error;
  });
  count(ingested.outcome);
  if (ingested.outcome === 'stored') wakeups.wake(ingested.affected);
  return ingested;
}
