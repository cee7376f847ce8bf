import { hmac, isSignedByOne } from '../hmac.ts';
import type { Incoming, Verdict, Verifying } from '../source.ts';
import type { ChatwootSettings } from './settings.ts';

/** How far (seconds) the time that was signed may be from ours. Chatwoot signs when it sends, so this is both clocks. */
const TOLERANCE_S = 5 * 60;

/**
 * `X-Chatwoot-Signature: sha256=` and the hex HMAC-SHA256 of `X-Chatwoot-Timestamp` (seconds), a dot and the raw body.
 * Versions before 4.11.2 do not sign account webhooks; for these the operator allows unsigned requests, and the URL is
 * the only secret.
 */
export function verify(
  { headers, body }: Incoming,
  { settings, secrets, now }: Verifying<ChatwootSettings, 'token' | 'webhook'>,
): Verdict {
  const signature = headers.get('x-chatwoot-signature') ?? '';
  const timestamp = headers.get('x-chatwoot-timestamp') ?? '';
  if (signature === '') return settings.unsigned ? 'genuine' : 'unsigned';
  const isRight =
    /^\d{1,15}$/.test(timestamp) &&
    isSignedByOne(
      secrets.webhook,
      signature,
      (secret) => `sha256=${hmac('sha256', secret, [timestamp, '.', body], 'hex')}`,
    );
  if (!isRight) return 'wrong';
  return Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_S ? 'stale' : 'genuine';
}
