/** Meta's webhooks: https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
import { hmac, isSignedByOne, sameText } from '../hmac.ts';
import type { Incoming, Secrets, Verdict, Verifying } from '../source.ts';
import type { MetaSecret, MetaSettings } from './settings.ts';

/** `X-Hub-Signature-256: sha256=` and the hex HMAC-SHA256 of the raw body, keyed with the secret of the app. */
export function verify(
  { headers, body }: Incoming,
  { secrets }: Pick<Verifying<MetaSettings, MetaSecret>, 'secrets'>,
): Verdict {
  const signature = headers.get('x-hub-signature-256') ?? '';
  if (signature === '') return 'unsigned';
  const isRight = isSignedByOne(secrets.app, signature, (app) => `sha256=${hmac('sha256', app, [body], 'hex')}`);
  return isRight ? 'genuine' : 'wrong';
}

/** The challenge that Meta wants back when the webhook is set up, if it knows the verify token. */
export function greet({ method, url }: Incoming, secrets: Pick<Secrets<MetaSecret>, 'verify'>): string | null {
  if (method !== 'GET') return null;
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
  const token = query.get('hub.verify_token') ?? '';
  const isKnown = token !== '' && secrets.verify.some((secret) => sameText(secret, token));
  return query.get('hub.mode') === 'subscribe' && isKnown ? query.get('hub.challenge') : null;
}
