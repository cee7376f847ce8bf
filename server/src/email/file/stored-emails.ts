import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** The folder of stored emails, one `.eml` file each, whose names sort by time. */
export const storedEmailsFolder = (dataDir: string): string => join(dataDir, 'mail');

/** File names of stored emails. None of them leads out of the folder. */
export const EMAIL_FILE_NAME = /^[A-Za-z0-9-]+\.eml$/;

export interface StoredEmail {
  /** Its file name. */
  name: string;
  email: Email;
}

/** Reads one stored email; null if no file has that name. */
export async function readStoredEmail(dataDir: string, name: string): Promise<StoredEmail | null> {
  if (!EMAIL_FILE_NAME.test(name)) return null;
  const raw = await readFile(join(storedEmailsFolder(dataDir), name)).catch(nullIfMissing);
  return raw && { name, email: await PostalMime.parse(raw) };
}

/** The newest stored emails, newest first. */
export async function readStoredEmails(dataDir: string, limit: number): Promise<StoredEmail[]> {
  const files = (await readdir(storedEmailsFolder(dataDir)).catch(nullIfMissing)) ?? [];
  const newest = files
    .filter((file) => EMAIL_FILE_NAME.test(file))
    .sort()
    .reverse()
    .slice(0, limit);
  const emails = await Promise.all(newest.map((name) => readStoredEmail(dataDir, name)));
  return emails.filter((stored) => stored !== null);
}

const nullIfMissing = (error: NodeJS.ErrnoException): null => {
  if (error.code !== 'ENOENT') throw error;
  return null;
};
