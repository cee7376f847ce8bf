/** The app without a socket: requests go straight in. The store is the real one; mail and logs are kept to be looked at. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestEvent } from '@converso/shared';
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { inboxOf, readConfig } from '../../src/config.ts';
import type { AppDeps } from '../../src/deps.ts';
import { plan } from '../../src/domain/plan.ts';
import { fileBatchMailer } from '../../src/email/file/file-mailer.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { BatchMailer, Email, Mailer } from '../../src/ports/mail.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Affected } from '../../src/ports/types.ts';
import { createDigests } from '../../src/services/digests/digests.ts';
import { completeMe } from '../../src/services/inboxes.ts';
import { createMailQueue } from '../../src/services/mail-queue.ts';
import { createSyncs } from '../../src/services/sync.ts';
import { sources } from '../../src/sources/index.ts';
import { type Call, CallError } from '../../src/sources/source.ts';
import { openStore } from '../../src/store/open.ts';
import { createStreams } from '../../src/stream/streams.ts';
import { createLocalWakeups } from '../../src/wakeups/local.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** As parsed: tests look into bodies of every shape. */
  body: ReturnType<typeof JSON.parse>;
}

interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  /** The client's address. */
  from?: string;
  token?: string;
}

export type InProcess = ReturnType<typeof openApp>;

/** @param replace what the store or the mailer does instead */
export function openApp(
  environment: Record<string, string> = {},
  replace: {
    store?: (real: Store) => Partial<Store>;
    mailer?: Mailer;
    batches?: BatchMailer;
    /** What foreign systems answer. */
    call?: Call;
  } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'converso-app-'));
  const config = {
    ...readConfig({ DATA_DIR: dataDir, DATABASE_URL: `file:${join(dataDir, 'c.db')}`, ...environment }),
    authSecret: 'a secret of the tests, long enough',
  };
  const logged: string[] = [];
  const log = createLog('trace', { write: (line) => void logged.push(line) });
  const real = openStore(config.databaseUrl);
  const store: Store = { ...real, ...replace.store?.(real) };
  const mails: Email[] = [];
  const rehearsed: Email[] = [];
  const mailer = replace.mailer ?? {
    send: async (email: Email) => void mails.push(email),
    rehearse: async (email: Email) => void rehearsed.push(email),
  };
  const metrics = createMetrics();
  const local = createLocalWakeups();
  const woken: Affected[] = [];
  const wakeups = {
    ...local,
    wake(affected: Affected) {
      woken.push(affected);
      local.wake(affected);
    },
  };
  /** Milliseconds; `believed` only where that differs. */
  const time: { ahead: number; believed?: number } = { ahead: 0 };
  const clock = {
    now: () => Date.now() + time.ahead,
    believed: () => Date.now() + (time.believed ?? time.ahead),
  };
  const callTo = () => replace.call ?? (() => Promise.reject(new CallError('nobody answers')));
  const streams = createStreams({
    store,
    wakeups,
    clock,
    log,
    metrics,
    completeMe: (me) => completeMe(me, inboxOf(config), sources),
  });
  const mailQueue = createMailQueue({ mailer, log, metrics });
  const digests = createDigests({
    store,
    batches: replace.batches ?? fileBatchMailer(dataDir, config.mailFrom, clock),
    clock,
    log,
    metrics,
    config,
    sources,
  });
  const syncs = createSyncs({ store, wakeups, clock, log, metrics, config, sources, callTo });
  const deps: AppDeps = {
    store,
    wakeups,
    mailer,
    mailQueue,
    clock,
    config,
    log,
    metrics,
    digests,
    streams,
    sources,
    syncs,
  };
  const app = createApp(deps);
  let events = 0;

  onTestFinished(async () => {
    await mailQueue.flush();
    await streams.close();
    await real.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const call = async (method: string, path: string, { body, headers = {}, from, token }: Ask = {}): Promise<Answer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = {
      method,
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text }),
    };
    const bindings = { incoming: { socket: { remoteAddress: from ?? '192.0.2.1' } } };
    const answer = await app.request(path, init, bindings);
    const said = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(said) : said };
  };

  const inProcess = {
    app,
    deps,
    config,
    mails,
    /** Composed for addresses that nobody has, and sent to nobody. */
    rehearsed,
    logged,
    woken,
    /** Milliseconds that the server's clock is ahead of the machine's. */
    time,
    call,
    get: (path: string, ask?: Ask) => call('GET', path, ask),
    post: (path: string, body: unknown, ask?: Ask) => call('POST', path, { ...ask, body }),

    /** A business with agents, each named by id and email. */
    async addBusiness(id: string, agents: Record<string, string>) {
      await store.addBusiness({
        id,
        name: `The ${id}`,
        timeZone: 'Europe/Madrid',
        secret: 'whsec_AA==',
        now: clock.now(),
      });
      for (const [agentId, email] of Object.entries(agents)) {
        await inProcess.tell(id, 'agent.saved', { agent: { id: agentId, name: agentId, email, role: 'agent' } });
      }
    },

    /** An event that must be taken. */
    async tell(businessId: string, type: IngestEvent['type'], data: object) {
      events += 1;
      const receivedAt = clock.now();
      const event = { type, data, timestamp: new Date(receivedAt).toISOString() } as IngestEvent;
      const ingested = await store.ingest({ businessId, eventId: `e${events}`, event, receivedAt }, plan);
      if (ingested.outcome !== 'stored') throw new Error(`${type}: ${JSON.stringify(ingested)}`);
    },

    /** Asks for a code and reads it from the email. */
    async codeFor(email: string, ask?: Ask): Promise<string> {
      const answer = await inProcess.post('/v1/auth/code', { email }, ask);
      if (answer.status !== 202) throw new Error(`the code was answered ${answer.status}`);
      await inProcess.posted();
      return codeIn(mails.at(-1));
    },

    /** A token of the agent with that address. */
    async signIn(email: string, more: object = {}): Promise<string> {
      const code = await inProcess.codeFor(email);
      const { status, body } = await inProcess.post('/v1/auth/token', { email, code, ...more });
      if (status !== 200) throw new Error(`${email}: ${status} ${JSON.stringify(body)}`);
      return body.token;
    },

    /** Resolves when the emails that are on their way have been handed over. */
    posted: () => mailQueue.idle(),

    /** Every byte that is on disk. */
    onDisk: () =>
      readdirSync(dataDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('\n'),
  };
  return inProcess;
}

export function codeIn(email: Email | undefined): string {
  const [code] = /\b\d{6}\b/.exec(email?.text ?? '') ?? [];
  if (code === undefined) throw new Error('no email with a code');
  return code;
}
