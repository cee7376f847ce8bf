import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { SealError, unseal } from '../services/sealing.ts';
import { inspectStoredSources } from './adapters.ts';
import { failureOf, inOneLine } from './source-state.ts';

type Examined = Pick<Config, 'databaseUrl' | 'authSecret' | 'dataDir'>;
type Source = ReturnType<typeof inspectStoredSources>[number];

/** What is wrong with a source's secrets, or null. */
function secretsFailure({ secrets, key }: Source, { authSecret, dataDir }: Examined): string | null {
  const file = join(dataDir, 'auth-secret');
  const secret = authSecret ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : null);
  if (secret === null) return `${file} is missing, and the secrets were kept with it`;
  try {
    unseal(secrets, key, secret);
    return null;
  } catch (error) {
    if (error instanceof SealError) return error.message;
    throw error;
  }
}

/**
 * What the store knows of each source: its last event, last sync and last failure. Calls nobody and changes nothing.
 * @throws what reading the store throws
 */
export const examineSources = (config: Examined) =>
  inspectStoredSources(config.databaseUrl).map((source) => {
    const failure = secretsFailure(source, config);
    const isFine = failure === null && failureOf(source) === null;
    const isQuiet = source.paused || source.lastReceivedAt === null;
    return {
      check: `source ${source.id} of ${source.businessId}`,
      verdict: isFine ? (isQuiet ? ('note' as const) : ('ok' as const)) : ('wrong' as const),
      detail: [inOneLine(source), ...(failure === null ? [] : [failure])].join('; '),
    };
  });
