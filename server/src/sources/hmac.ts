import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The HMAC of the parts in a row, as lower-case hex or as base64. */
export function hmac(
  algorithm: 'sha1' | 'sha256',
  secret: string,
  parts: readonly (string | Buffer)[],
  encoding: 'hex' | 'base64',
): string {
  const mac = createHmac(algorithm, secret);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
}

/**
 * Whether one of the secrets gives this signature. An empty secret never does: everybody can sign with it.
 * @param signed the signature that one secret gives
 */
export const isSignedByOne = (secrets: readonly string[], given: string, signed: (secret: string) => string): boolean =>
  given !== '' && secrets.some((secret) => secret !== '' && sameText(signed(secret), given));
