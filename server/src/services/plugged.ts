import type { SourceRow } from '../ports/source-store.ts';
import type { Secrets, Source } from '../sources/source.ts';
import { unseal, valuesAt } from './sealing.ts';

/** The registry, as services see it: what a source's settings are is its own matter. */
export type Sources = Readonly<Record<string, Source>>;

/** A source that is plugged in, with all that its functions need. */
export interface Plugged {
  row: SourceRow;
  source: Source;
  settings: unknown;
  secrets: Secrets;
}

/**
 * @returns undefined for a kind that this version does not have
 * @throws SealError, or a ZodError if the settings are another version's
 */
export function plug(sources: Sources, row: SourceRow, authSecret: string, now: number): Plugged | undefined {
  const source = sources[row.kind];
  if (source === undefined) return undefined;
  const held = unseal(row.secrets, row.key, authSecret);
  const secrets = valuesAt(held, Object.keys(source.secrets), now) as Secrets;
  return { row, source, settings: source.settings.parse(row.settings), secrets };
}
