import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './server.ts';
import { waitFor } from './wait-for.ts';

/** The code stands on a line of its own in the email's plain text. */
const CODE_LINE = /^(\d{6})\r?$/m;

/** The sign-in code of the newest email to `address` that was written at or after `since` (epoch milliseconds). */
export async function readCode(server: Server, address: string, since: number): Promise<string> {
  const folder = join(server.dataDir, 'mail');
  return waitFor(`an email with a code reaches ${address}`, () => {
    const emails = readdirSync(folder)
      .filter((file) => file.endsWith('.eml'))
      .map((file) => ({ at: statSync(join(folder, file)).mtimeMs, text: readFileSync(join(folder, file), 'utf8') }))
      // A file system may round times down by a few milliseconds.
      .filter(({ at, text }) => at >= since - 10 && text.toLowerCase().includes(address.toLowerCase()))
      .sort((a, b) => b.at - a.at);
    return emails.map(({ text }) => CODE_LINE.exec(text)?.[1]).find((code) => code !== undefined);
  });
}
