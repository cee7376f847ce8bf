import type { ChooseBusiness } from './api.ts';

/**
 * The ids of the businesses that have their name in common with another one of the list, however it is spaced or
 * capitalised: where people choose, the id has to stand beside the name.
 */
export function sameNamed(businesses: ChooseBusiness['businesses']): ReadonlySet<string> {
  const byName = Map.groupBy(businesses, ({ name }) =>
    name.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLocaleLowerCase(),
  );
  const shared = [...byName.values()].filter((of) => of.length > 1);
  return new Set(shared.flat().map(({ id }) => id));
}
