/** What a proof starts from: a store of its own with a business, its people, and a session for each device. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plan } from '@converso/server/src/domain/plan.ts';
import type { Store } from '@converso/server/src/ports/store.ts';
import { hashToken, newToken } from '@converso/server/src/services/token.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import type { IngestEvent } from '@converso/shared';

export interface TempEnvironment {
  folder: string;
  databaseFile: string;
  /** The environment of a server on this store. */
  env: Record<string, string>;
  remove(): void;
}

/** A folder for one server's data, under the system's temporary folder unless told otherwise. */
export function tempEnvironment(under: string = tmpdir()): TempEnvironment {
  const folder = mkdtempSync(join(under, 'converso-proof-'));
  const databaseFile = join(folder, 'converso.db');
  const env = { PORT: '0', DATA_DIR: folder, DATABASE_URL: `file:${databaseFile}`, LOG_LEVEL: 'info' };
  return { folder, databaseFile, env, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface SeededAgent {
  id: string;
  email: string;
  /** One for each device. */
  tokens: string[];
}

export interface SeededBusiness {
  id: string;
  secret: string;
  agents: SeededAgent[];
  groups: { id: string; agentIds: string[] }[];
}

/**
 * Adds a business whose agents stand in groups of equal size, each agent in one, with sessions.
 * @param sizes how many agents, agents to a group (the last may be smaller), and devices to an agent
 */
export async function seedBusiness(
  { env }: Pick<TempEnvironment, 'env'>,
  { id, agents, groupSize, devices }: { id: string; agents: number; groupSize: number; devices: number },
): Promise<SeededBusiness> {
  const store = openStore(env.DATABASE_URL!);
  try {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const timestamp = new Date().toISOString();
    await store.addBusiness({ id, name: `The ${id}`, timeZone: 'Europe/Madrid', secret, now: Date.now() });
    const tell = async (type: IngestEvent['type'], data: { id: string }, body: object) => {
      const event = { type, timestamp, data: body } as IngestEvent;
      const delivery = { businessId: id, eventId: `seed ${type} ${data.id}`, event, receivedAt: Date.now() };
      const { outcome } = await store.ingest(delivery, plan);
      if (outcome !== 'stored') throw new Error(`${type} ${data.id} was ${outcome}`);
    };
    const people = Array.from({ length: agents }, (_, n) => {
      const agentId = `agent-${n}`;
      return { id: agentId, name: `Agent ${n}`, email: `${agentId}@${id}.example`, role: 'agent' as const };
    });
    await Promise.all(people.map((agent) => tell('agent.saved', agent, { agent })));
    const groups = Array.from({ length: Math.ceil(agents / groupSize) }, (_, n) => ({
      id: `group-${n}`,
      name: `Group ${n}`,
      agentIds: people.slice(n * groupSize, (n + 1) * groupSize).map((agent) => agent.id),
    }));
    await Promise.all(groups.map((group) => tell('group.saved', group, { group })));
    const seeded = await Promise.all(
      people.map(async ({ id: agentId, email }) => ({
        id: agentId,
        email,
        tokens: await sessions(store, id, email, devices),
      })),
    );
    return { id, secret, agents: seeded, groups };
  } finally {
    await store.close();
  }
}

/** More sessions of an agent, begun in the store while a server may be using it. */
export async function newSessions(
  env: Record<string, string>,
  businessId: string,
  email: string,
  count: number,
): Promise<string[]> {
  const store = openStore(env.DATABASE_URL!);
  try {
    return await sessions(store, businessId, email, count);
  } finally {
    await store.close();
  }
}

async function sessions(store: Store, businessId: string, email: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const now = Date.now();
    const token = newToken();
    await store.putCode({ email, codeHash: 'seed', expiresAt: now + 60_000, now });
    const attempt = { email, codeHash: 'seed', businessId, device: null, tokenHash: hashToken(token), now };
    const { outcome } = await store.signIn(attempt);
    if (outcome !== 'signed_in') throw new Error(`${email} could not sign in: ${outcome}`);
    tokens.push(token);
  }
  return tokens;
}
