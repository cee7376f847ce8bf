import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './server.ts';
import { until } from './until.ts';

/** The sign-in code of the newest email to `address` that was written at or after `since` (epoch milliseconds). */
export async function readCode(server: Server, address: string, since: number): Promise<string> {
  const folder = join(server.dataDir, 'mail');
  return until(`an email with a code reaches ${address}`, () => {
    const letters = readdirSync(folder)
      .filter((file) => file.endsWith('.eml'))
      .map((file) => ({ at: statSync(join(folder, file)).mtimeMs, text: readFileSync(join(folder, file), 'utf8') }))
      // A file system may round times down by a few milliseconds.
      .filter(({ at, text }) => at >= since - 10 && text.toLowerCase().includes(address.toLowerCase()))
      .sort((a, b) => b.at - a.at);
    return letters.map(({ text }) => /\b\d{6}\b/.exec(body(text))?.[0]).find((code) => code !== undefined);
  });
}

/** What follows the headers, where dates and ids have digits too. */
const body = (letter: string): string => letter.slice(letter.search(/\r?\n\r?\n/));
