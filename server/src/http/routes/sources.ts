import type { Context } from 'hono';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { describeError } from '../../log.ts';
import type { SourcePatch, SourceRow } from '../../ports/source-store.ts';
import { type Plugged, plug } from '../../services/plugged.ts';
import { contextOf, record } from '../../services/receive.ts';
import type { Incoming, Translation, Verdict } from '../../sources/source.ts';
import { limitForgeries } from '../middleware/signed-body.ts';
import { HttpProblem, newRoutes, notFoundProblem } from '../problem.ts';

const RETRY_AFTER_S = 5;
/** How long (milliseconds) a request waits for a sync that may find who it names. Chatwoot hangs up after 5 s. */
const SYNC_WAIT_MS = 2000;
/** How long (milliseconds) nobody looks again for who was not found: the next sync by itself is near, too. */
const SEEK_AGAIN_MS = 60_000;
/** How many of those are remembered. */
const MOST_SOUGHT = 10_000;
/** How often (milliseconds) at most it is written when a source was last heard of, unless something else is wrong with it. */
const NOTE_EVERY_MS = 10_000;

const WORDS: Record<Exclude<Verdict, 'genuine'>, string> = {
  unsigned: 'the last request had no signature',
  wrong: 'the last request had a wrong signature: is the secret the right one, and PUBLIC_URL what the sender calls?',
  stale: 'the last request was signed more than 5 minutes ago or ahead: are both clocks right?',
  unsupported: 'the last request was signed in a way that is not supported',
};

/** The request's path and query as they came over the wire: what is signed must not be encoded again. */
function rawPath(c: Context<AppEnv>): string {
  return c.env?.incoming?.url ?? c.req.url.replace(/^[a-z]+:\/\/[^/]*/i, '');
}

/** @throws the 413 beyond the limit, before the rest is read */
async function readBody(c: Context<AppEnv>, limit: number): Promise<Buffer> {
  const tooLarge = () => new HttpProblem(413, `The body may have at most ${Math.floor(limit / 1024)} KiB.`);
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of c.req.raw.body ?? []) {
    bytes += part.byteLength;
    if (bytes > limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const within = <Value>(work: Promise<Value>, ms: number): Promise<unknown> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** `/v1/sources/{key}`: where foreign systems send what happens there. Each is answered what it calls success. */
export function sourceRoutes(deps: AppDeps) {
  const { store, clock, config, log, sources, syncs } = deps;
  const forged = limitForgeries(config.trustProxy);
  const noted = new Map<string, { failure: string | null; at: number }>();
  /** When a sync last looked for an agent or a group that was not known. */
  const sought = new Map<string, number>();
  const routes = newRoutes();

  const cannotStore = (error: unknown): never => {
    log.error(describeError(error), 'a request of a source could not be stored');
    throw new HttpProblem(503, 'Could not be stored; please send it again.', {
      headers: { 'Retry-After': String(RETRY_AFTER_S) },
    });
  };

  /** Secrets that cannot be read are ours to mend, so the sender should try again. */
  function open(row: SourceRow): Plugged | undefined {
    try {
      return plug(sources, row, config.authSecret, clock.now());
    } catch (error) {
      return cannotStore(error);
    }
  }

  /** Remembers when a source was last heard of, and what was wrong; not at every request. */
  async function note(key: string, failure: string | null): Promise<void> {
    const at = clock.now();
    const before = noted.get(key);
    if (before?.failure === failure && Math.abs(at - before.at) < NOTE_EVERY_MS) return;
    noted.set(key, { failure, at });
    const patch: SourcePatch = failure === null ? { lastReceivedAt: at } : { lastFailure: failure, lastFailureAt: at };
    await store.updateSource(key, patch).catch((error: unknown) => {
      log.warn(describeError(error), 'when a source was last heard of could not be stored');
    });
  }

  async function translate(plugged: Plugged, request: Incoming): Promise<Translation> {
    const first = plugged.source.translate(request, await contextOf(deps, plugged));
    const { row } = plugged;
    const names = first.unknown.map(({ kind, id }) => `${row.key} ${kind} ${id}`);
    const isNew = (name: string) => Math.abs(clock.now() - (sought.get(name) ?? 0)) >= SEEK_AGAIN_MS;
    if (plugged.source.people === undefined || !names.some(isNew)) return first;
    const synced = syncs
      .run(row)
      .catch((error: unknown) => {
        log.warn({ source: row.id, ...describeError(error) }, 'a source could not be synced');
      })
      .finally(() => {
        if (sought.size > MOST_SOUGHT) sought.clear();
        for (const name of names) sought.set(name, clock.now());
      });
    await within(synced, SYNC_WAIT_MS);
    return plugged.source.translate(request, await contextOf(deps, plugged));
  }

  routes.all('/v1/sources/:key', async (c) => {
    const { key } = c.req.param();
    const row = await store.source(key).catch(cannotStore);
    if (row === null) {
      await forged(c);
      throw notFoundProblem('There is no such source.');
    }
    const plugged = open(row);
    if (plugged === undefined) throw notFoundProblem('There is no such source.');
    const { source, settings, secrets } = plugged;
    const body = await readBody(c, source.bodyLimit);
    const url = `${config.publicUrl}${rawPath(c)}`;
    const request: Incoming = { method: c.req.method, url, headers: c.req.raw.headers, body };

    const greeting = source.greet?.(request, secrets) ?? null;
    if (greeting !== null) return c.text(greeting);
    const verdict = source.verify(request, { settings, secrets, now: clock.now() });
    if (verdict !== 'genuine') {
      await note(key, WORDS[verdict]);
      await forged(c);
      throw new HttpProblem(401, 'The signature is missing or wrong.');
    }
    if (!row.paused) {
      const translation = await translate(plugged, request).catch(cannotStore);
      await record(deps, plugged, translation).catch(cannotStore);
    }
    await note(key, null);
    return c.body(null, source.acceptedStatus);
  });
  return routes;
}
