/** What the commands about sources share: the registry, the secrets, and calls to the foreign system. */
import { randomBytes } from 'node:crypto';
import { authSecret } from '../auth-secret.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { SourceRow } from '../ports/source-store.ts';
import type { Store } from '../ports/store.ts';
import { createCall } from '../services/call.ts';
import { type Plugged, plug } from '../services/plugged.ts';
import { SealError } from '../services/sealing.ts';
import { createSyncs, type Syncs } from '../services/sync.ts';
import { type Call, CallError, type Source } from '../sources/source.ts';
import { sources } from './adapters.ts';
import { CommandFailed } from './output.ts';

export interface Desk {
  config: Config & { authSecret: string };
  store: Store;
  syncs: Syncs;
}

/** The configuration with its secret, and a way to sync. Streams of a running server look for news by themselves. */
export function openDesk(store: Store): Desk {
  const wanted = readConfig(process.env);
  const config = { ...wanted, authSecret: authSecret(wanted) };
  const deps = {
    ...{ store, config, sources, callTo: createCall },
    clock: { now: () => Date.now() },
    wakeups: { wake: () => undefined, subscribe: () => () => undefined },
    metrics: createMetrics(),
    // What goes wrong is said by the command itself.
    log: createLog('error'),
  };
  return { config, store, syncs: createSyncs(deps) };
}

/** 32 random characters: the URL of an unsigned source is its only secret. */
export const newKey = (): string => `src_${randomBytes(24).toString('base64url')}`;

export const urlOf = ({ publicUrl }: Config, key: string): string => `${publicUrl}/v1/sources/${key}`;

/** @throws CommandFailed if there is no such source */
export async function existingSource(store: Store, businessId: string, id: string): Promise<SourceRow> {
  const row = (await store.sources()).find((source) => source.businessId === businessId && source.id === id);
  if (row === undefined) throw new CommandFailed(`There is no source ${id} in this business; see \`source list\`.`);
  return row;
}

/** @throws CommandFailed in words for the operator */
export function pluggedOf({ config }: Pick<Desk, 'config'>, row: SourceRow): Plugged {
  const plugged = explained(() => plug(sources, row, config.authSecret, Date.now()));
  if (plugged === undefined) throw new CommandFailed(`This version does not know sources of kind ${row.kind}.`);
  return plugged;
}

/** @throws CommandFailed for a kind that is not called */
export function callOf(source: Source, settings: unknown, secrets: Plugged['secrets']): Call {
  if (source.api === undefined) throw new CommandFailed(`${source.label} is not called by this server.`);
  return createCall(source.api(settings, secrets));
}

function explained<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof SealError) throw new CommandFailed(error.message);
    throw error;
  }
}

/** A failure of the foreign system is one line for the operator. */
export async function asCommandFailure<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CallError || error instanceof SealError) throw new CommandFailed(error.message);
    throw error;
  }
}
