/**
 * No operation reads a table that grows from end to end, but for those listed here with the reason. The whole
 * conformance suite runs with the plan of each of its statements recorded, so a new statement is judged as soon as
 * it is tested at all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { storeConformance } from './conformance.ts';
import { recordPlans, scansIn } from './plans.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Tables that stay small, however large the businesses: a scan of these is as good as an index. */
const SMALL = new Set(['businesses', 'sources']);

/** What an event, a click or a connection waits for, or what runs again and again beside it: nothing is allowed here. */
const HOT = [
  'signingSecrets',
  'ingest',
  'ingestAll',
  'source',
  'sourcePeople',
  'groupIds',
  'updateSource',
  'execute',
  'notifications',
  'markRead',
  'canSee',
  'changes',
  'snapshot',
  'connected',
  'me',
  'groupKeys',
  'setPreferences',
  'conversations',
  'conversation',
  'putCode',
  'signIn',
  'callerOf',
  'endSession',
  'settleBatch',
  'deferBatch',
  'prune',
] as const satisfies (keyof Store)[];

/** The tables that an operation may scan, each with the reason. */
const ALLOWED: Partial<Record<keyof Store, Record<string, string>>> = {
  // Partial indexes that hold what is under way: minutes of it, or a day if nothing can be sent.
  runningSlots: { slots: 'only slots that began and did not finish are in the index slots_running' },
  leaseBatch: { batches: 'only batches that are not handed over are in the index batches_waiting' },
  giveUpBatches: { batches: 'the same' },
  batchesWaiting: { batches: 'the same' },
  // Prometheus asks once or twice a minute, and these count what there is.
  figures: {
    agents: 'a few thousand rows at most',
    sessions: 'a few for each agent',
    conversations: 'only the open ones, in a partial index',
    notifications: 'only the open ones, in a partial index',
  },
};

/** `check` reads the first row of every table, whose names it takes from the schema. */
const isOfCheck = (operations: readonly string[], sql: string): boolean =>
  operations.every((each) => each === 'check') && / LIMIT 1$| FROM sqlite_schema /.test(sql);

const isAllowed = (operations: readonly string[], table: string): boolean =>
  SMALL.has(table) || operations.some((operation) => ALLOWED[operation as keyof Store]?.[table] !== undefined);

const isHot = (operations: readonly string[]): boolean => operations.some((each) => HOT.includes(each as never));

const plans = recordPlans();
// Beside the conformance of the store itself, on a busy machine, a test may take a while.
vi.setConfig({ testTimeout: 30_000 });
afterAll(() => plans.stop());

storeConformance('SQLite, each of whose plans is looked at,', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'converso-store-'));
  const url = `file:${join(folder, 'converso.db')}`;
  let store = plans.watch(() => openStore(url));
  return {
    store,
    async reopen() {
      await store.close();
      store = plans.watch(() => openStore(url));
      return store;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('of the statements that ran', () => {
  it('none scans a table that grows', () => {
    const found = plans
      .recorded()
      .flatMap(({ operations, sql, scans }) => scans.map((scan) => ({ operations, ...scan, sql })))
      .filter(({ operations, table, sql }) => !isAllowed(operations, table) && !isOfCheck(operations, sql));
    expect(found).toEqual([]);
  });

  it('each scan that is allowed is still there, so that the list is true', () => {
    const seen = new Set(
      plans.recorded().flatMap(({ operations, scans }) => scans.map(({ table }) => `${operations} ${table}`)),
    );
    const listed = Object.entries(ALLOWED).flatMap(([operation, tables]) =>
      Object.keys(tables).map((table) => `${operation} ${table}`),
    );
    expect(listed.filter((each) => !seen.has(each))).toEqual([]);
    expect(HOT.filter((operation) => operation in ALLOWED)).toEqual([]);
  });

  it('each that is prepared once hides its parameters from the planner, which else prepares it anew for each value', () => {
    // Those that drizzle writes, with quoted names, are prepared for each run.
    const ours = plans.recorded().filter(({ operations, sql }) => isHot(operations) && !sql.includes('"'));
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.filter(({ sql }) => /(?:[=<>]|LIMIT)\s*[?:]/.test(sql)).map(({ sql }) => sql)).toEqual([]);
  });

  it('some belong to each operation of the Store', () => {
    const store = openStore(`file:${join(temporaryFolder(), 'converso.db')}`);
    // `usable` asks the database nothing.
    const called = [...plans.operations(), 'usable'];
    expect(Object.keys(store).filter((operation) => !called.includes(operation))).toEqual([]);
    return store.close();
  });
});

describe('a scan is recognised', () => {
  const client = new SQLite(':memory:');
  afterAll(() => client.close());
  client.exec(`
    CREATE TABLE parents (key integer PRIMARY KEY, name text);
    CREATE TABLE children (key integer PRIMARY KEY, parent integer REFERENCES parents, name text);
    CREATE INDEX by_name ON parents (name);
    CREATE INDEX named_ann ON parents (key) WHERE name = 'Ann';
  `);
  const tablesIn = (sql: string): string[] => {
    const lines = client.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
    return scansIn(
      lines.map(({ detail }) => detail),
      sql,
    ).map(({ table }) => table);
  };

  it.each([
    ['of a table', 'SELECT * FROM children', ['children']],
    [
      'under another name',
      'SELECT c.* FROM parents p JOIN children AS c ON c.parent = p.key WHERE p.key = 1',
      ['children'],
    ],
    ['by an index that has all', 'SELECT name FROM parents', ['parents']],
    ['for a change', "UPDATE children SET name = 'x' WHERE parent = 1", ['children']],
    [
      'by an index made for the statement',
      'SELECT * FROM children a JOIN children b ON b.name = a.name',
      ['children', 'children'],
    ],
    ['and none where the key is known', 'SELECT * FROM parents WHERE key = 1', []],
    ['and none of a list', "SELECT p.* FROM json_each('[1]') j JOIN parents p ON p.key = j.value", []],
    ['and none of a row without a table', 'SELECT 1', []],
  ])('%s', (_, sql, tables) => {
    expect(tablesIn(sql)).toEqual(tables);
  });
});
