/**
 * Secrets of foreign systems, encrypted at rest: a copy of the database without `AUTH_SECRET` holds none of them. The
 * source's key is authenticated with them, so that they cannot be moved to another row.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

const DAY_MS = 24 * 60 * 60 * 1000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Newest first. `until` is when a former one ends to hold (epoch milliseconds), null for the newest. */
const Held = z.record(z.string(), z.array(z.object({ value: z.string(), until: z.number().nullable() })));
export type Held = z.infer<typeof Held>;

/** The secrets cannot be read: `AUTH_SECRET` is another one, or the row was changed. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const keyFrom = (authSecret: string): Buffer => Buffer.from(hkdfSync('sha256', authSecret, '', 'converso sources', 32));

/** AES-256-GCM: nonce, tag and text in a row, as base64url. */
export function seal(held: Held, sourceKey: string, authSecret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(authSecret), nonce).setAAD(Buffer.from(sourceKey));
  const text = Buffer.concat([cipher.update(JSON.stringify(held), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** @throws SealError */
export function unseal(sealed: string, sourceKey: string, authSecret: string): Held {
  const bytes = Buffer.from(sealed, 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFrom(authSecret), nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(sourceKey))
      .setAuthTag(tag);
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return Held.parse(JSON.parse(text.toString('utf8')));
  } catch (cause) {
    throw new SealError('The secrets of this source cannot be read: AUTH_SECRET is not the one they were kept with.', {
      cause,
    });
  }
}

/** With new values; each former one holds for a day. Names without a new value stay as they are. */
export function replaced(held: Held, values: Record<string, string | undefined>, now: number): Held {
  const next = { ...held };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const former = (held[name] ?? [])
      .filter((secret) => secret.value !== value && (secret.until === null || secret.until > now))
      .map((secret) => ({ ...secret, until: secret.until ?? now + DAY_MS }));
    next[name] = [{ value, until: null }, ...former];
  }
  return next;
}

/** The values that hold now, newest first, for each name that the source has. */
export const valuesAt = (held: Held, names: readonly string[], now: number): Record<string, string[]> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (held[name] ?? []).filter(({ until }) => until === null || until > now).map(({ value }) => value),
    ]),
  );
