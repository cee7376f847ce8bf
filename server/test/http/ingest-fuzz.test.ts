import { randomUUID } from 'node:crypto';
import { IngestEvent } from '@converso/shared';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseFile } from '../../src/store/open.ts';
import { anyBody } from './ingest-bodies.ts';
import { addSales, type Business, type Running, run } from './running.ts';

let running: Running;
let business: Business;
let db: SQLite.Database;
beforeAll(async () => {
  running = await run();
  business = await addSales(running);
  db = new SQLite(databaseFile(running.deps.config.databaseUrl), { readonly: true });
});
afterAll(async () => {
  db.close();
  await running.close();
});

const column = (sql: string): unknown[] => db.prepare(sql).pluck().all();

/** Every row of every table. */
function everything(): Record<string, unknown[]> {
  const tables = column("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") as string[];
  return Object.fromEntries(tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).all()]));
}

/** Whether it is an event at all; what it names may still not exist. */
function isEvent(body: Buffer): boolean {
  try {
    return IngestEvent.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))).success;
  } catch {
    return false;
  }
}

const RUNS = 100;
const BODIES = 100;

test('10,000 signed bodies get 202 or a 422 that names a field, and only what was answered 202 is stored', {
  timeout: 240_000,
}, async () => {
  const before = column('SELECT event_id FROM processed_events');
  const taken = new Set(before);
  const nonsense: Buffer[] = [];
  const statuses = new Map<number, number>();

  await fc.assert(
    fc.asyncProperty(fc.array(anyBody, { minLength: BODIES, maxLength: BODIES }), async (bodies) => {
      await Promise.all(
        bodies.map(async (body) => {
          const id = randomUUID();
          const answer = await business.send(body, { id });
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (answer.status === 202) {
            expect(answer.body).toEqual({ duplicate: false });
            expect(isEvent(body)).toBe(true);
            taken.add(id);
            return;
          }
          expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
          expect(answer.body.errors[0]).toEqual({ field: expect.stringMatching(/./), message: expect.any(String) });
          if (!isEvent(body)) nonsense.push(body);
        }),
      );
    }),
    { numRuns: RUNS },
  );

  expect(running.errors).toEqual([]);
  // The generator would be of no use if all it made were nonsense, or none of it.
  expect(statuses.get(202)).toBeGreaterThan(1000);
  expect(nonsense.length).toBeGreaterThan(1000);
  expect(new Set(column('SELECT event_id FROM processed_events'))).toEqual(taken);
  const keys = column("SELECT entry_id FROM entries WHERE entry_id LIKE 'e:%'") as string[];
  expect(keys.filter((key) => !taken.has(key.slice(2)))).toEqual([]);
  expect(column('SELECT count(*) FROM entries WHERE at IS NULL OR at <> round(at)')).toEqual([0]);

  // Nonsense leaves no trace in any table, by itself either.
  const whole = everything();
  await Promise.all(nonsense.slice(0, 500).map((body) => business.send(body)));
  expect(everything()).toEqual(whole);

  // And whoever is signed in can still read what came of it all.
  await business.addAgent('zoe');
  await business.addGroup('sales', ['ana', 'ben', 'zoe']);
  const zoe = await business.signIn('zoe');
  for (const path of [
    '/v1/me',
    '/v1/notifications?limit=200',
    '/v1/conversations?view=team',
    '/v1/conversations?view=closed',
  ]) {
    expect((await zoe.get(path)).status).toBe(200);
  }
});
