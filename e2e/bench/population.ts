/**
 * Who takes part in every measurement, made once: as many agents as the largest one needs, each with a session and
 * in teams of several sizes. Every measurement begins with a copy of that file.
 */
import { cpSync, existsSync } from 'node:fs';
import { plan } from '@converso/server/src/domain/plan.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import type { IngestEvent } from '@converso/shared';
import { seedBusiness, type TempEnvironment, tempEnvironment } from '../support/seed.ts';
import type { Ours, Teams } from './protocol.ts';

export interface Population extends Pick<Ours, 'businessId' | 'secret' | 'tokens'> {
  /** Closed, and never written to again. */
  databaseFile: string;
  remove(): void;
}

/** Teams that are the whole population, and teams of a few; the last two have 20 each. */
export const TEAMS_OF_20: Teams = { size: 20, groupPrefix: 'group-' };
export const EVERYBODY: Teams = { size: 0, groupPrefix: 'everybody-', sharedChannel: true };
export const SMALL_TEAMS = [1, 5] as const;
/** How many there are of each small size. */
export const SMALL_TEAM_COUNT = 20;
export const smallTeams = (size: number): Teams => ({ size, groupPrefix: `of-${size}-` });

/** Makes the store with that many agents; a multiple of 100. */
export async function makePopulation(agents: number): Promise<Population> {
  const place = tempEnvironment();
  const business = await seedBusiness(place, { id: 'bench', agents, groupSize: TEAMS_OF_20.size, devices: 1 });
  const ids = business.agents.map(({ id }) => id);
  const small = SMALL_TEAMS.flatMap((size) =>
    Array.from({ length: SMALL_TEAM_COUNT }, (_, n) => ({
      id: `${smallTeams(size).groupPrefix}${n}`,
      name: `Team ${n} of ${size}`,
      agentIds: ids.slice(n * size, (n + 1) * size),
    })),
  );
  const store = openStore(place.env.DATABASE_URL!);
  try {
    for (const group of [...small, { id: `${EVERYBODY.groupPrefix}0`, name: 'Everybody', agentIds: ids }]) {
      const event: IngestEvent = { type: 'group.saved', timestamp: new Date().toISOString(), data: { group } };
      const { outcome } = await store.ingest(
        { businessId: business.id, eventId: `population ${group.id}`, event, receivedAt: Date.now() },
        plan,
      );
      if (outcome !== 'stored') throw new Error(`${group.id} was ${outcome}`);
    }
  } finally {
    await store.close();
  }
  return {
    databaseFile: place.databaseFile,
    remove: place.remove,
    businessId: business.id,
    secret: business.secret,
    tokens: business.agents.map(({ tokens }) => tokens[0]!),
  };
}

/** A copy of a closed database, in a place of its own. */
export function copyOf(databaseFile: string): TempEnvironment {
  // What stands in the log only would be missing in the copy.
  if (existsSync(`${databaseFile}-wal`)) throw new Error(`${databaseFile} is in use.`);
  const place = tempEnvironment();
  cpSync(databaseFile, place.databaseFile);
  return place;
}
