/** The year is made by SQL behind the store's back, so a change of the schema must be noticed here and not in a figure. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase } from '@converso/server/src/store/sqlite/database.ts';
import { afterAll, expect, test } from 'vitest';
import { type Year, yearOf } from '../year.ts';

const CONVERSATIONS = 5_000;
let year: Year | undefined;
afterAll(() => {
  if (year) rmSync(dirname(year.databaseFile), { recursive: true, force: true });
});

test('a year has four messages a conversation, and of the rest what retention leaves', async () => {
  year = await yearOf(100, CONVERSATIONS);
  const { client } = openDatabase(year.databaseFile);
  const one = (sql: string): number => client.prepare(sql).pluck().get() as number;
  try {
    expect(one("SELECT count(*) FROM conversations WHERE status = 'closed'")).toBeGreaterThanOrEqual(CONVERSATIONS);
    expect(one("SELECT count(*) FROM entries WHERE entry_id LIKE 'm:%'")).toBeGreaterThanOrEqual(4 * CONVERSATIONS);
    const lastMonth = (CONVERSATIONS * 29) / 365;
    expect(one('SELECT count(DISTINCT conversation_key) FROM notifications')).toBeCloseTo(lastMonth, -2);
    expect(one('SELECT count(*) FROM processed_events')).toBeGreaterThan(5 * lastMonth);
    expect(one('SELECT count(*) FROM digest_messages')).toBeGreaterThan(0);
    expect(
      one(
        'SELECT count(*) FROM tallies t WHERE seq < (SELECT max(seq) FROM notifications WHERE agent_key = t.agent_key)',
      ),
    ).toBe(0);
    expect(client.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(client.pragma('journal_mode', { simple: true })).toBe('wal');
  } finally {
    client.close();
  }
}, 60_000);
