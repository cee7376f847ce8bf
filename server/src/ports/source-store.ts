/** What a store keeps of foreign systems that are plugged in, and how it takes what they send. */
import type { IngestEvent } from '@converso/shared';
import type { Planner } from '../domain/plan.ts';
import type { Affected, Millis } from './types.ts';

export interface SourceRow {
  /** Part of the URL that the foreign system calls; nobody can guess it. */
  key: string;
  businessId: string;
  /** The operator's name for it, unique in the business; the ids of its events begin with it. */
  id: string;
  kind: string;
  settings: unknown;
  /** Sealed. */
  secrets: string;
  paused: boolean;
  createdAt: Millis;
  lastReceivedAt: Millis | null;
  lastFailure: string | null;
  lastFailureAt: Millis | null;
  syncedAt: Millis | null;
}

export type SourcePatch = Partial<
  Pick<SourceRow, 'settings' | 'secrets' | 'paused' | 'lastReceivedAt' | 'lastFailure' | 'lastFailureAt' | 'syncedAt'>
>;

export interface SourceDelivery {
  /** The same one is applied once. */
  eventId: string;
  event: IngestEvent;
  /** Left out unless the assistant has the conversation. */
  onlyIf?: 'assistant';
  /** The customer's identifiers, preferred first, and the event for somebody who is known under one of them. */
  person?: { identifiers: readonly string[]; as(person: string): IngestEvent };
}

export interface SourceBatch {
  businessId: string;
  sourceKey: string;
  deliveries: readonly SourceDelivery[];
  /** Identifiers of one person each, the oldest first. */
  aliases: readonly (readonly string[])[];
  receivedAt: Millis;
  /** It is an import: it counts, but alerts nobody and makes nothing due. */
  silently: boolean;
}

export type SourceOutcome =
  | { outcome: 'stored' | 'duplicate' | 'skipped' }
  | { outcome: 'refused'; field: string; message: string };

export interface SourceStore {
  source(key: string): Promise<SourceRow | null>;
  /** Of all businesses, by business and id. */
  sources(): Promise<SourceRow[]>;
  addSource(
    source: Pick<SourceRow, 'key' | 'businessId' | 'id' | 'kind' | 'settings' | 'secrets' | 'createdAt'>,
  ): Promise<void>;
  /** False for an unknown source. */
  updateSource(key: string, patch: SourcePatch): Promise<boolean>;
  /** Its agents, groups and conversations stay. False for an unknown source. */
  removeSource(key: string): Promise<boolean>;
  /** Our agents by their ids over there; `activeOnly` leaves out those who were removed here. */
  sourcePeople(key: string, activeOnly: boolean): Promise<Map<string, string>>;
  setSourcePeople(key: string, people: ReadonlyMap<string, string>): Promise<void>;
  /** The ids of the business's groups, without removed ones. */
  groupIds(businessId: string): Promise<Set<string>>;
  /**
   * Applies what one request brought, in one transaction, and plans once for each conversation: what is over by its
   * end alerts nobody. What is refused costs nothing else. One outcome for each delivery, in their order.
   */
  ingestAll(batch: SourceBatch, planner: Planner): Promise<{ outcomes: SourceOutcome[]; affected: Affected }>;
}
