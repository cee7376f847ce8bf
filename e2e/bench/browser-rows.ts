import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Row } from './table.ts';

const PROGRAM = join(import.meta.dirname, 'browser/main.ts');

/** What the extension's part of the benchmark tells; a process of its own, which knows the browser. */
export async function browserRows(name: string, quick: boolean, skip: (what: string) => void): Promise<Row[]> {
  const child = fork(PROGRAM, [name, ...(quick ? ['quick'] : [])]);
  const [told] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the browser's part ended with ${code}`))),
  ])) as [{ rows: Row[] } | { skipped: string }];
  if ('rows' in told) return told.rows;
  skip(told.skipped);
  return [];
}
