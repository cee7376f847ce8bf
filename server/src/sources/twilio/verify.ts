/** Twilio's signatures: https://www.twilio.com/docs/usage/webhooks/webhooks-security */
import { createHash } from 'node:crypto';
import { hmac, isSignedByOne, sameText } from '../hmac.ts';
import type { Incoming, Verdict, Verifying } from '../source.ts';
import type { TwilioSecret, TwilioSettings } from './settings.ts';

export const isForm = (headers: Headers): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? 'application/x-www-form-urlencoded');

/** The form's names in order, each with every value it has, once, in order: `name` and `value` in a row. */
function sortedParameters(body: Buffer): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values]
    .toSorted(([a], [b]) => compareUnits(a, b))
    .map(([name, set]) =>
      [...set]
        .toSorted(compareUnits)
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

const compareUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A query as older parts of Twilio sign it: each name and value decoded and encoded again. */
const reencoded = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

/**
 * What Twilio may have signed for a URL: with and without the port, which its own parts disagree about, and each with
 * the query encoded the older way. The fragment only configures retries and is never signed.
 */
export function signedForms(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#]+?)(?::(\d+))?(\/[^?#]*)?(\?[^#]*)?(?:#.*)?$/i.exec(url);
  if (!parts) return [];
  const [, scheme = '', host = '', port, path = '', query = ''] = parts;
  const otherPort = port === undefined ? (scheme.toLowerCase() === 'https' ? ':443' : ':80') : '';
  const ports = [port === undefined ? '' : `:${port}`, otherPort];
  const queries = query.length > 1 ? [query, `?${reencoded(query.slice(1))}`] : [query];
  return [...new Set(ports.flatMap((end) => queries.map((form) => `${scheme}://${host}${end}${path}${form}`)))];
}

/**
 * `X-Twilio-Signature` is the base64 HMAC-SHA1 of the URL and the form's parameters. A GET has all of them in its URL.
 * A JSON body is signed by its SHA-256 in the URL, so that has to be compared too, or any body could come along.
 */
export function verify(
  { method, url, headers, body }: Incoming,
  { secrets }: Pick<Verifying<TwilioSettings, TwilioSecret>, 'secrets'>,
): Verdict {
  if (headers.has('x-twilio-webhooks-signature-settings')) return 'unsupported';
  const signature = headers.get('x-twilio-signature') ?? '';
  if (signature === '') return 'unsigned';
  const hasForm = method === 'POST' && isForm(headers);
  const bodyHash = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]).get('bodySHA256');
  if (bodyHash !== null && !sameText(createHash('sha256').update(body).digest('hex'), bodyHash.toLowerCase()))
    return 'wrong';
  if (bodyHash === null && !hasForm && body.length > 0) return 'wrong';
  const parameters = hasForm ? sortedParameters(body) : '';
  const isRight = signedForms(url).some((form) =>
    isSignedByOne(secrets.token, signature, (token) => hmac('sha1', token, [form, parameters], 'base64')),
  );
  return isRight ? 'genuine' : 'wrong';
}
