import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GroupCommit, groupCommit, MOST_TOGETHER, type Write } from '../../src/store/sqlite/group-commit.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('group commit', () => {
  let client: SQLite.Database;
  let write: Write;
  let note: GroupCommit['note'];
  let failures: unknown[];
  let add: (id: number) => number;
  let ids: () => unknown[];

  beforeEach(() => {
    client = new SQLite(join(temporaryFolder(), 'ids.db'), { timeout: 1 });
    client.pragma('journal_mode = WAL');
    client.exec('CREATE TABLE ids (id integer PRIMARY KEY)');
    failures = [];
    ({ write, note } = groupCommit(client, { failed: (error) => void failures.push(error) }));
    add = (id) => Number(client.prepare('INSERT INTO ids VALUES (?)').run(id).lastInsertRowid);
    ids = () => client.prepare('SELECT id FROM ids').pluck().all();
    return () => client.close();
  });

  it('gives each write its own result, once all are on disk', async () => {
    const other = new SQLite(client.name, { readonly: true });
    const seen = () => other.prepare('SELECT count(*) FROM ids').pluck().get();
    const results = await Promise.all([1, 2, 3].map((id) => write(() => add(id)).then((result) => [result, seen()])));
    expect(results).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    other.close();
  });

  it('undoes and rejects a write that throws alone, with all it had written', async () => {
    const outcomes = await Promise.allSettled([
      write(() => add(1)),
      write(() => {
        add(2);
        throw new Error('changed my mind');
      }),
      write(() => add(1)),
      write(() => add(3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(ids()).toEqual([1, 3]);
  });

  /** Another process that has begun a write. */
  function lock(): () => void {
    const other = new SQLite(client.name);
    other.exec('BEGIN IMMEDIATE');
    return () => other.close();
  }

  it('waits for the lock of another process while the event loop turns, and then writes in order', async () => {
    const unlock = lock();
    const writes = Promise.all([1, 2, 3].map((id) => write(() => add(id))));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(ids()).toEqual([]);
    unlock();
    expect(await writes).toEqual([1, 2, 3]);
    expect(failures).toEqual([]);
  });

  it('rejects what has waited for the lock for too long, and goes on afterwards', async () => {
    ({ write } = groupCommit(client, {}, 1));
    const unlock = lock();
    const outcomes = await Promise.allSettled([write(() => add(1)), write(() => add(2))]);
    expect(outcomes).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'SQLITE_BUSY' }) })),
    );
    const later = write(() => add(3));
    unlock();
    await later;
    expect(ids()).toEqual([3]);
  });

  it('leaves bookkeeping out while another process has the lock, and lets nobody wait for it', async () => {
    const unlock = lock();
    const waiting = write(() => add(1));
    await note(() => void add(2));
    await note(() => void add(3));
    unlock();
    await waiting;
    expect(ids()).toEqual([1]);
  });

  it('leaves it out also behind more writes than one commit takes', async () => {
    const unlock = lock();
    let written = 0;
    const waiting = Array.from({ length: MOST_TOGETHER + 1 }, (_, id) =>
      write(() => add(id)).finally(() => {
        written += 1;
      }),
    );
    await note(() => void add(-1));
    expect(written).toBe(0);
    unlock();
    await Promise.all(waiting);
    expect(ids()).not.toContain(-1);
  });

  it('leaves bookkeeping out while the file cannot be written, and reports what failed', async () => {
    client.pragma('query_only = ON');
    await expect(write(() => add(1))).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    await note(() => void add(2));
    expect(failures).toMatchObject([{}, {}]);
    client.pragma('query_only = OFF');
    expect(ids()).toEqual([]);
  });

  it('does not hide a mistake in bookkeeping', async () => {
    await expect(
      note(() => {
        throw new TypeError('a bug');
      }),
    ).rejects.toThrow('a bug');
  });

  it('rejects all if the commit fails, and goes on afterwards', async () => {
    client.pragma('foreign_keys = ON');
    client.exec('CREATE TABLE refs (id integer REFERENCES ids(id) DEFERRABLE INITIALLY DEFERRED)');
    const outcomes = await Promise.allSettled([
      write(() => add(1)),
      write(() => client.exec('INSERT INTO refs VALUES (9)')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(ids()).toEqual([]);
    await write(() => add(2));
    expect(ids()).toEqual([2]);
  });

  it('rejects alone also the write during which SQLite rolled everything back', async () => {
    const outcomes = await Promise.allSettled([
      write(() => add(1)),
      write(() => {
        client.exec('ROLLBACK');
        throw new Error('disk full');
      }),
      write(() => add(2)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ids()).toEqual([1, 2]);
  });

  it('lets the event loop turn between those that it runs alone, and keeps their order', async () => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns += 1;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    const settled: { id: number; turn: number }[] = [];
    const note = (id: number) => () => settled.push({ id, turn: turns });
    await Promise.all(
      [1, 2, 3, 4].map((id) =>
        write(() => {
          if (id === 2) throw new Error('changed my mind');
          return add(id);
        }).then(note(id), note(id)),
      ),
    );
    over = true;
    expect(settled.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(new Set(settled.map((each) => each.turn)).size).toBe(4);
    expect(ids()).toEqual([1, 3, 4]);
  });

  it('commits in parts what is too much for one, in order', async () => {
    const other = new SQLite(client.name, { readonly: true });
    const seen = () => other.prepare('SELECT count(*) FROM ids').pluck().get();
    const order: number[] = [];
    const writes = Array.from({ length: MOST_TOGETHER + 1 }, (_, id) =>
      write(() => add(id)).then(() => order.push(id)),
    );
    await writes[0];
    expect(seen()).toBe(MOST_TOGETHER);
    await Promise.all(writes);
    expect(seen()).toBe(MOST_TOGETHER + 1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    other.close();
  });

  it('commits together what came during one tick', async () => {
    const other = new SQLite(client.name, { readonly: true });
    let commits = 0;
    const version = () => other.pragma('data_version', { simple: true });
    let before = version();
    for (let tick = 0; tick < 3; tick += 1) {
      await Promise.all([1, 2, 3].map((n) => write(() => add(tick * 10 + n))));
      if (version() !== before) commits += 1;
      before = version();
    }
    expect(commits).toBe(3);
    expect(ids()).toHaveLength(9);
    other.close();
  });
});
