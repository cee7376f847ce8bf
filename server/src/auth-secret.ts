import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The secret that signs sign-in codes and unsubscribe links: the configured one, else the one kept in
 * `dataDir/auth-secret`, else a new one that is kept there, readable by its owner only.
 */
export function authSecret({
  authSecret: configured,
  dataDir,
}: {
  authSecret: string | null;
  dataDir: string;
}): string {
  if (configured !== null) return configured;
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'auth-secret');
  try {
    // Fails where the file exists, so that of two processes that start together one makes it and both read it.
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < 16) throw new Error(`${file} holds no secret; remove it to have a new one made.`);
  return secret;
}
