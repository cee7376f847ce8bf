/**
 * Fetches the people of foreign systems and what was missed. Neither is told by webhooks: a deleted agent sends none,
 * and a lost webhook is not sent again.
 */

import { randomUUID } from 'node:crypto';
import type { IngestEvent } from '@converso/shared';
import { describeError } from '../log.ts';
import type { SourceRow } from '../ports/source-store.ts';
import type { Store } from '../ports/store.ts';
import type { Api, Call } from '../sources/source.ts';
import { planSync, type SyncPlan } from '../sources/sync.ts';
import type { IngestDeps } from './ingest.ts';
import { ingest } from './ingest.ts';
import { type Plugged, plug, type Sources } from './plugged.ts';
import type { ReceiveDeps } from './receive.ts';
import { contextOf, record } from './receive.ts';

export interface SyncDeps extends IngestDeps, ReceiveDeps {
  store: IngestDeps['store'] &
    ReceiveDeps['store'] &
    Pick<Store, 'sources' | 'updateSource' | 'agents' | 'groups' | 'setSourcePeople'>;
  metrics: IngestDeps['metrics'] & ReceiveDeps['metrics'];
  config: { authSecret: string };
  sources: Sources;
  callTo(api: Api): Call;
}

/** What is asked for again (milliseconds) although the last sync had it: both clocks may differ a little. */
const OVERLAP_MS = 60_000;

export interface Synced {
  agents: number;
  groups: number;
  /** Why nobody was changed, or null. */
  refused: Extract<SyncPlan, { outcome: 'refused' }> | null;
  conversations: number;
}

export interface Syncs {
  /**
   * Syncs a source now; who asks meanwhile waits for the same one.
   * @throws CallError, SealError, or what the store throws
   */
  run(row: SourceRow, options?: { mayRemoveMost?: boolean }): Promise<Synced>;
  /** Syncs every source that is not paused, one after another; a failure is noted at its source. */
  tick(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createSyncs(deps: SyncDeps): Syncs {
  const { store, clock, config, sources, callTo, log } = deps;
  const underWay = new Map<string, Promise<Synced>>();

  async function syncPeople({ row, source, settings }: Plugged, call: Call, mayRemoveMost: boolean) {
    if (source.people === undefined) return { agents: 0, groups: 0, refused: null };
    const people = await source.people(call, { sourceId: row.id, settings });
    const others = (await store.sources()).filter(
      ({ businessId, key }) => businessId === row.businessId && key !== row.key,
    );
    const elsewhere = await Promise.all(others.map(({ key }) => store.sourcePeople(key, false)));
    const planned = planSync(
      people,
      {
        sourceId: row.id,
        mapped: await store.sourcePeople(row.key, false),
        agents: (await store.agents(row.businessId)).filter(({ active }) => active),
        alsoElsewhere: new Set(elsewhere.flatMap((mapped) => [...mapped.values()])),
        groups: (await store.groups(row.businessId)).filter(({ id }) => id.startsWith(`${row.id}:`)),
      },
      mayRemoveMost,
    );
    if (planned.outcome === 'refused') return { agents: 0, groups: 0, refused: planned };
    for (const event of planned.events) {
      const dated = { ...event, timestamp: new Date(clock.now()).toISOString() } as IngestEvent;
      const ingested = await ingest(deps, row.businessId, `sync_${randomUUID()}`, dated);
      if (ingested.outcome === 'refused') {
        const { field, message } = ingested;
        log.warn({ source: row.id, type: event.type, field, message }, 'a change of a source’s people was refused');
      }
    }
    await store.setSourcePeople(row.key, planned.mapped);
    return { agents: people.agents.length, groups: people.groups.length, refused: null };
  }

  async function fetchMissed(plugged: Plugged, call: Call): Promise<number> {
    const { row, source } = plugged;
    if (source.missed === undefined) return 0;
    const since = row.syncedAt === null ? null : row.syncedAt - OVERLAP_MS;
    let conversations = 0;
    for await (const translation of source.missed(call, await contextOf(deps, plugged), since)) {
      await record(deps, plugged, translation, since === null);
      conversations += 1;
    }
    return conversations;
  }

  async function sync(row: SourceRow, mayRemoveMost: boolean): Promise<Synced> {
    const began = clock.now();
    try {
      const plugged = plug(sources, row, config.authSecret, began);
      if (plugged?.source.api === undefined) return { agents: 0, groups: 0, refused: null, conversations: 0 };
      const call = callTo(plugged.source.api(plugged.settings, plugged.secrets));
      const people = await syncPeople(plugged, call, mayRemoveMost);
      const conversations = await fetchMissed(plugged, call);
      const failure =
        people.refused &&
        `sync: ${people.refused.because === 'empty' ? 'no agents came' : 'most agents or groups are gone; `source sync --yes` removes them'}`;
      await store.updateSource(row.key, {
        syncedAt: began,
        ...(failure ? { lastFailure: failure, lastFailureAt: began } : {}),
      });
      return { ...people, conversations };
    } catch (error) {
      const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed';
      await store.updateSource(row.key, { lastFailure: `sync: ${words.slice(0, 300)}`, lastFailureAt: began });
      throw error;
    }
  }

  return {
    run(row, { mayRemoveMost = false } = {}) {
      const running = underWay.get(row.key);
      if (running !== undefined && !mayRemoveMost) return running;
      const started = sync(row, mayRemoveMost).finally(() => underWay.delete(row.key));
      underWay.set(row.key, started);
      return started;
    },
    async tick() {
      for (const row of await store.sources()) {
        if (row.paused) continue;
        await this.run(row).catch((error: unknown) => {
          log.warn({ source: row.id, ...describeError(error) }, 'a source could not be synced');
        });
      }
    },
    async idle() {
      await Promise.allSettled(underWay.values());
    },
  };
}
