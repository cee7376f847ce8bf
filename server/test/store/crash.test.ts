import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROUNDS = 3;
const ACKNOWLEDGED_EACH = 200;

/** Starts a process that ingests messages and prints the id of each once it is acknowledged; kills it in the middle. */
async function ingestUntilKilled(file: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingest-forever.ts'), file, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const id of createInterface({ input: child.stdout })) {
    acknowledged.push(id);
    if (acknowledged.length === ACKNOWLEDGED_EACH) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return acknowledged;
}

it('kill -9 loses no acknowledged event and leaves no half of one', { timeout: 60_000 }, async () => {
  const file = join(temporaryFolder(), 'converso.db');
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) acknowledged.push(...(await ingestUntilKilled(file, round)));

  const { client } = openDatabase(file);
  expect(client.pragma('integrity_check', { simple: true })).toBe('ok');
  const count = (sql: string): unknown => client.prepare(sql).pluck().get();
  const stored = new Set(client.prepare('SELECT event_id FROM processed_events').pluck().all());
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * ACKNOWLEDGED_EACH);
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  const messages = count("SELECT count(*) FROM processed_events WHERE event_id LIKE 'message%'");
  expect(count('SELECT count(*) FROM entries')).toBe(messages);
  expect(count('SELECT count(*) FROM notifications')).toBe(messages);
  client.close();
});
