import { and, asc, eq } from 'drizzle-orm';
import type { SourcePatch, SourceRow, SourceStore } from '../../ports/source-store.ts';
import type { Db } from './database.ts';
import { agents, groups, sourcePeople, sources } from './schema/index.ts';

export const sourceByKey = ({ orm }: Db, key: string): SourceRow | null =>
  orm.select().from(sources).where(eq(sources.key, key)).get() ?? null;

export const allSources = ({ orm }: Db): SourceRow[] =>
  orm.select().from(sources).orderBy(asc(sources.businessId), asc(sources.id)).all();

export function addSource({ orm }: Db, source: Parameters<SourceStore['addSource']>[0]): void {
  orm.insert(sources).values(source).run();
}

export const updateSource = ({ orm }: Db, key: string, patch: SourcePatch): boolean =>
  orm.update(sources).set(patch).where(eq(sources.key, key)).run().changes > 0;

export const removeSource = ({ orm }: Db, key: string): boolean =>
  orm.delete(sources).where(eq(sources.key, key)).run().changes > 0;

export function peopleOfSource({ orm }: Db, key: string, activeOnly: boolean): Map<string, string> {
  const rows = orm
    .select({ foreignId: sourcePeople.foreignId, agentId: sourcePeople.agentId, active: agents.active })
    .from(sourcePeople)
    .innerJoin(sources, eq(sources.key, sourcePeople.sourceKey))
    .leftJoin(agents, and(eq(agents.businessId, sources.businessId), eq(agents.id, sourcePeople.agentId)))
    .where(eq(sourcePeople.sourceKey, key))
    .all();
  const wanted = activeOnly ? rows.filter(({ active }) => active === true) : rows;
  return new Map(wanted.map(({ foreignId, agentId }) => [foreignId, agentId]));
}

/** To run inside a transaction. */
export function setPeopleOfSource({ orm }: Db, key: string, people: ReadonlyMap<string, string>): void {
  orm.delete(sourcePeople).where(eq(sourcePeople.sourceKey, key)).run();
  for (const [foreignId, agentId] of people) {
    orm.insert(sourcePeople).values({ sourceKey: key, foreignId, agentId }).run();
  }
}

export const groupIdsOf = ({ orm }: Db, businessId: string): Set<string> =>
  new Set(
    orm
      .select({ id: groups.id })
      .from(groups)
      .where(and(eq(groups.businessId, businessId), eq(groups.active, true)))
      .all()
      .map(({ id }) => id),
  );
