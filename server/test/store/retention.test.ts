import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SNAPSHOT_LATEST } from '@converso/shared';
import SQLite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { plan } from '../../src/domain/plan.ts';
import { KEPT_FOR } from '../../src/domain/retention.ts';
import type { SweepCursor } from '../../src/ports/retention-store.ts';
import { BATCH_ROWS } from '../../src/services/retention.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY, MONDAY, openOffice, received, reply } from './conformance/office.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TEAM = 40;
const CHATS = 200;

/**
 * Milliseconds; a batch takes about two. Generous, for the machine may be busy, and still a fraction of what all rows
 * at once would take.
 */
const STEP_MOST = 25;

it('a batch of pruning stays small, and it removes contents that nobody is shown any more', async () => {
  const file = join(temporaryFolder(), 'converso.db');
  const store = openStore(`file:${file}`);
  onTestFinished(() => store.close());
  const office = await openOffice(store);
  const team = Array.from({ length: TEAM }, (_, n) => `agent-${n}`);
  for (const id of team) await office.agent(id);
  await office.group('support', team);
  const tell = (type: 'message.received' | 'message.sent', n: number, data: object) => {
    const event = { type, timestamp: new Date(MONDAY + n).toISOString(), data } as never;
    return store.ingest({ businessId: 'acme', eventId: `${type} ${n}`, event, receivedAt: MONDAY + n }, plan);
  };
  const numbers = [...Array(CHATS).keys()];
  await Promise.all(
    numbers.map((n) => tell('message.received', n, received('Hi', { id: `m${n}`, conversation: `c${n}` }))),
  );
  await Promise.all(numbers.map((n) => tell('message.sent', CHATS + n, reply('agent-0', `r${n}`, `c${n}`))));

  const now = MONDAY + 31 * DAY;
  const times: number[] = [];
  let total = 0;
  for (let after: SweepCursor | null = []; after !== null; ) {
    const begun = performance.now();
    const batch = {
      kind: 'notifications',
      now,
      before: now - KEPT_FOR.notifications,
      after,
      limit: BATCH_ROWS,
    } as const;
    const { removed, next } = await store.prune(batch);
    times.push(performance.now() - begun);
    expect(removed).toBeLessThanOrEqual(BATCH_ROWS);
    total += removed;
    after = next;
  }
  expect(total).toBe(TEAM * (CHATS - SNAPSHOT_LATEST));
  expect(times.toSorted((a, b) => a - b)[times.length >> 1]).toBeLessThan(STEP_MOST);

  const client = new SQLite(file, { readonly: true });
  expect(client.prepare('SELECT count(*) FROM contents').pluck().get()).toBe(SNAPSHOT_LATEST);
  client.close();
});
