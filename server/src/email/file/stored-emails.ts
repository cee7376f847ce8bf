import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** Where the outbox keeps its letters, one `.eml` file each, whose names sort by time. */
export const outboxFolder = (dataDir: string): string => join(dataDir, 'mail');

/** What an outbox may name a file: nothing that could lead out of its folder. */
export const LETTER_NAME = /^[A-Za-z0-9-]+\.eml$/;

export interface Letter {
  /** Its file name. */
  name: string;
  email: Email;
}

/** Reads one letter; null if there is none of that name. */
export async function readLetter(dataDir: string, name: string): Promise<Letter | null> {
  if (!LETTER_NAME.test(name)) return null;
  const raw = await readFile(join(outboxFolder(dataDir), name)).catch(nullIfMissing);
  return raw && { name, email: await PostalMime.parse(raw) };
}

/** The newest letters, newest first. */
export async function readLetters(dataDir: string, limit: number): Promise<Letter[]> {
  const files = (await readdir(outboxFolder(dataDir)).catch(nullIfMissing)) ?? [];
  const newest = files
    .filter((file) => LETTER_NAME.test(file))
    .sort()
    .reverse()
    .slice(0, limit);
  const letters = await Promise.all(newest.map((name) => readLetter(dataDir, name)));
  return letters.filter((letter) => letter !== null);
}

const nullIfMissing = (error: NodeJS.ErrnoException): null => {
  if (error.code !== 'ENOENT') throw error;
  return null;
};
