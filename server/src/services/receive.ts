import type { AppDeps } from '../deps.ts';
import { plan } from '../domain/plan.ts';
import type { SourceDelivery } from '../ports/source-store.ts';
import { withPerson } from '../sources/person.ts';
import type { Context, Translated, Translation } from '../sources/source.ts';
import type { Plugged } from './plugged.ts';

type Deps = Pick<AppDeps, 'store' | 'wakeups' | 'clock' | 'metrics' | 'log'>;

/** The agents and groups that a source may name. */
export async function contextOf({ store, clock }: Pick<Deps, 'store' | 'clock'>, { row, settings }: Plugged) {
  const [agents, groups] = await Promise.all([store.sourcePeople(row.key, true), store.groupIds(row.businessId)]);
  return { sourceId: row.id, settings, receivedAt: clock.now(), agents, groups } satisfies Context<unknown>;
}

const deliveryOf = (translated: Translated): SourceDelivery => {
  const { id, event, onlyIf, person } = translated;
  return {
    eventId: id,
    event,
    ...(onlyIf === undefined ? {} : { onlyIf }),
    ...(person === undefined
      ? {}
      : { person: { identifiers: person.identifiers, as: (known: string) => withPerson(translated, known).event } }),
  };
};

/** Events in one transaction: a number's whole history comes in one request. */
const SLICE = 500;

/**
 * Stores what a request or a list brought, and wakes the streams. What cannot be used is counted and logged without
 * its content. Resolves once it is on disk.
 * @param silently it is an import: it alerts nobody
 */
export async function record(
  { store, wakeups, clock, metrics, log }: Deps,
  { row }: Pick<Plugged, 'row'>,
  { events, aliases, failedReplies, skipped }: Translation,
  silently = false,
): Promise<void> {
  const count = (outcome: string, by = 1) => metrics.sourceEvents.inc({ source: row.kind, outcome }, by);
  const about = { source: row.id, business: row.businessId };
  for (let from = 0; from === 0 || from < events.length; from += SLICE) {
    const deliveries = events.slice(from, from + SLICE).map(deliveryOf);
    if (deliveries.length === 0 && aliases.length === 0) break;
    const { businessId, key: sourceKey } = row;
    const batch = { businessId, sourceKey, deliveries, aliases, receivedAt: clock.now(), silently };
    const { outcomes, affected } = await store.ingestAll(batch, plan);
    for (const outcome of outcomes) {
      count(outcome.outcome);
      if (outcome.outcome === 'refused') {
        log.warn({ ...about, field: outcome.field, message: outcome.message }, 'an event of a source was refused');
      }
    }
    wakeups.wake(affected);
  }
  for (const { kind, reason } of skipped) {
    count(kind);
    if (kind === 'unusable') log.warn({ ...about, reason }, 'something of a source could not be used');
  }
  for (const { reason } of failedReplies) {
    count('failed_reply');
    log.warn({ ...about, reason }, 'a reply did not reach the customer');
  }
}
