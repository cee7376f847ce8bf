/**
 * Signatures of Standard Webhooks (the specification's symmetric scheme, `v1`): an HMAC-SHA-256 over
 * `id.timestamp.body`. The reference library turns the body into text first, so a body that is no UTF-8 would count as
 * wrongly signed; here the bytes are signed as they are. The official vectors are in the tests.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a signature may be old or ahead. */
const TOLERANCE_S = 5 * 60;
const PREFIX = 'whsec_';

/** The three headers of Standard Webhooks, as received. */
export interface SignatureHeaders {
  'webhook-id'?: string | undefined;
  'webhook-timestamp'?: string | undefined;
  'webhook-signature'?: string | undefined;
}

/** @throws for a secret without a key in it: an empty key would let anybody sign */
function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  if (key.length === 0) throw new Error('The signing secret is empty.');
  return key;
}

const signatureOf = (key: Buffer, id: string, timestamp: string, body: Buffer | string): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

/** The signatures of version 1 in the header, which lists them separated by spaces. */
const given = (header: string): Buffer[] =>
  header.split(' ').flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice('v1,'.length))] : []));

/**
 * Whether one of the secrets signed these bytes, at most 5 minutes ago or ahead by this machine's clock.
 * Several secrets hold at once while one is being replaced.
 * @throws for an empty secret
 */
export function isSigned(body: Buffer, headers: SignatureHeaders, secrets: readonly string[]): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  const keys = secrets.map(keyOf);
  if (!id || !timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(timestamp)) > TOLERANCE_S) return false;
  const signatures = given(signature);
  return keys.some((key) => {
    const expected = Buffer.from(signatureOf(key, id, timestamp, body).toString('base64'));
    return signatures.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
}

/** The headers that sign `body` at that moment: for the demo, the operator's command and the tests. */
export function sign(
  secret: string,
  id: string,
  at: Date,
  body: string | Buffer,
): Record<keyof SignatureHeaders, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(keyOf(secret), id, timestamp, body).toString('base64')}`,
  };
}
