import { randomUUID } from 'node:crypto';
import type { IngestEvent } from '@converso/shared';
import { plan } from '../domain/plan.ts';
import type { Store } from '../ports/store.ts';
import { CommandFailed } from './output.ts';

/**
 * Agents and groups change by events only, so a command makes one, dated now, and it takes the same way as one
 * that a business sends. Streams of a running server are not woken from here: another process cannot; each
 * looks for news at its next heartbeat, within 20 seconds.
 */
export async function save(store: Store, businessId: string, event: Pick<IngestEvent, 'type' | 'data'>): Promise<void> {
  const receivedAt = Date.now();
  const dated = { ...event, timestamp: new Date(receivedAt).toISOString() } as IngestEvent;
  const delivery = { businessId, eventId: `cli_${randomUUID()}`, event: dated, receivedAt };
  const ingested = await store.ingest(delivery, plan);
  if (ingested.outcome === 'refused') throw new CommandFailed(`${ingested.field}: ${ingested.message}`);
}
