/** The whole server in this process, on a port and a file of its own, with a business that has agents and groups. */

import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { inboxOf, readConfig } from '../../src/config.ts';
import type { AppDeps } from '../../src/deps.ts';
import { fileBatchMailer } from '../../src/email/file/file-mailer.ts';
import { requestListener } from '../../src/http/middleware/one-at-a-time.ts';
import { createLog, logUnusable } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { Mailer } from '../../src/ports/mail.ts';
import type { Store } from '../../src/ports/store.ts';
import { createCall } from '../../src/services/call.ts';
import { createDigests } from '../../src/services/digests/digests.ts';
import { completeMe } from '../../src/services/inboxes.ts';
import { createMailQueue } from '../../src/services/mail-queue.ts';
import { sign } from '../../src/services/signature.ts';
import { createSyncs } from '../../src/services/sync.ts';
import { hashToken, newToken } from '../../src/services/token.ts';
import { sources } from '../../src/sources/index.ts';
import { openStore } from '../../src/store/open.ts';
import { createStreams, type StreamTimes } from '../../src/stream/streams.ts';
import { createLocalWakeups } from '../../src/wakeups/local.ts';

export interface Running {
  url: string;
  deps: AppDeps;
  /** What went wrong on our side, as logged: a test that expects nothing of the kind looks here. */
  errors: { msg: string }[];
  /** Milliseconds that the server's clock is ahead of the machine's; tests move it. */
  ahead: number;
  close(): Promise<void>;
}

const nobodysMail: Mailer = { send: async () => {}, rehearse: async () => {} };

/**
 * @param environment beside what it needs
 * @param replace what the store does instead; for failures
 */
export async function run(
  environment: Record<string, string> = {},
  {
    times = {},
    replace = () => ({}),
  }: { times?: Partial<StreamTimes>; replace?: (store: Store) => Partial<Store> } = {},
): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), 'converso-test-'));
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = { PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: `file:${join(dataDir, 'c.db')}`, ...environment };
  const config = { ...readConfig(env), authSecret: randomBytes(32).toString('hex') };
  const errors: Running['errors'] = [];
  // A request's own line has no message: an answer of 503 may be what a test is after.
  const keep = (line: { msg?: string }) => line.msg !== undefined && errors.push({ ...line, msg: line.msg });
  const log = createLog('error', { write: (line) => void keep(JSON.parse(line)) });
  const real = openStore(config.databaseUrl, (unusable) => logUnusable(log, unusable));
  const store: Store = { ...real, ...replace(real) };
  const metrics = createMetrics();
  const wakeups = createLocalWakeups();
  const running = { ahead: 0 };
  const clock = { now: () => Date.now() + running.ahead };
  const streams = createStreams(
    {
      store,
      wakeups,
      clock,
      log,
      metrics,
      completeMe: (me) => completeMe(me, inboxOf(config), sources),
    },
    times,
  );
  const mailQueue = createMailQueue({ mailer: nobodysMail, log, metrics });
  const digests = createDigests({
    store,
    batches: fileBatchMailer(dataDir, config.mailFrom, clock),
    clock,
    log,
    metrics,
    config,
    sources,
  });
  const syncs = createSyncs({ store, wakeups, clock, log, metrics, config, sources, callTo: createCall });
  const mailer = nobodysMail;
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
  server.on('request', requestListener(createApp(deps).fetch));

  return Object.assign(running, {
    url: `http://localhost:${port}`,
    deps,
    errors,
    async close() {
      await streams.close();
      server.closeAllConnections();
      server.close();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

export interface Answer {
  status: number;
  headers: Headers;
  /** As parsed: tests look into bodies of every shape. */
  body: ReturnType<typeof JSON.parse>;
}

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

export interface Business {
  id: string;
  secret: string;
  /** Sends a raw body, signed; `headers` replace those of the signature. */
  send(body: string | Buffer, options?: { id?: string; at?: Date; headers?: Record<string, string> }): Promise<Answer>;
  /** Sends an event of now and expects it to be taken. */
  post(type: string, data: object, options?: { timestamp?: string; id?: string }): Promise<void>;
  /** A message of a customer's, in a conversation of the group. */
  receive(conversationId: string, text: string, groupId?: string): Promise<void>;
  addAgent(id: string, email?: string): Promise<void>;
  addGroup(id: string, agentIds: string[]): Promise<void>;
  /** A new session of the agent's. */
  signIn(agentId: string): Promise<Session>;
}

export interface Session {
  token: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

export async function addBusiness(running: Running, name: string): Promise<Business> {
  const { store, clock } = running.deps;
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const { id } = await store.addBusiness({ name, timeZone: 'Europe/Madrid', secret, now: clock.now() });
  const emails = new Map<string, string>();

  const business: Business = {
    id,
    secret,
    send(body, { id: eventId = randomUUID(), at = new Date(), headers = {} } = {}) {
      const signed = { 'content-type': 'application/json', ...sign(secret, eventId, at, body) };
      const bytes = typeof body === 'string' ? body : new Uint8Array(body);
      return request(`${running.url}/v1/businesses/${id}/events`, {
        method: 'POST',
        headers: { ...signed, ...headers },
        body: bytes,
      });
    },
    async post(type, data, { timestamp = new Date(clock.now()).toISOString(), id: eventId = randomUUID() } = {}) {
      const answer = await business.send(JSON.stringify({ type, timestamp, data }), { id: eventId });
      if (answer.status !== 202) throw new Error(`${type}: ${answer.status} ${JSON.stringify(answer.body)}`);
    },
    receive: (conversationId, text, groupId = 'sales') =>
      business.post('message.received', {
        conversation: { id: conversationId, groupId, channel: 'whatsapp' },
        from: { address: '+447700900123', name: 'Emma' },
        message: { id: randomUUID(), text },
      }),
    async addAgent(agentId, email = `${agentId}@${name}.example`) {
      emails.set(agentId, email);
      await business.post('agent.saved', {
        agent: { id: agentId, name: `${agentId} of ${name}`, email, role: 'agent' },
      });
    },
    async addGroup(groupId, agentIds) {
      await business.post('group.saved', { group: { id: groupId, name: `${groupId} of ${name}`, agentIds } });
    },
    signIn: (agentId) => sessionOfAgent(running, id, emails.get(agentId)!),
  };
  return business;
}

/** A new session of the agent with that address. */
export async function sessionOfAgent(running: Running, businessId: string, email: string): Promise<Session> {
  const { store, clock } = running.deps;
  const now = clock.now();
  const token = newToken();
  await store.putCode({ email, codeHash: 'hash', expiresAt: now + 60_000, now });
  const attempt = { email, codeHash: 'hash', businessId, device: null, tokenHash: hashToken(token), now };
  const { outcome } = await store.signIn(attempt);
  if (outcome !== 'signed_in') throw new Error(`${email} could not sign in: ${outcome}`);
  return sessionOf(running, token);
}

function sessionOf({ url }: Running, token: string): Session {
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    request(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { token, call, get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

/** A business with the group `sales`, in which Ana and Ben are. */
export async function addSales(running: Running, name = 'acme'): Promise<Business> {
  const business = await addBusiness(running, name);
  await business.addAgent('ana');
  await business.addAgent('ben');
  await business.addGroup('sales', ['ana', 'ben']);
  return business;
}
