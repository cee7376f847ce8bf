import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** The three headers of Standard Webhooks, as received. */
export interface SignatureHeaders {
  'webhook-id'?: string | undefined;
  'webhook-timestamp'?: string | undefined;
  'webhook-signature'?: string | undefined;
}

/**
 * Whether one of the secrets signed these bytes, at most 5 minutes ago or ahead by this machine's clock.
 * Several secrets hold at once while one is being replaced. The library signs text, so a body that is not UTF-8 is
 * compared with its broken bytes replaced; it is no JSON either way, and refused.
 */
export function isSigned(body: Buffer, headers: SignatureHeaders, secrets: readonly string[]): boolean {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, given as Record<string, string>, { jsonParse: false });
      return true;
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  });
}

/** The headers that sign `body` now; for whatever of ours sends events: the demo and the operator's command. */
export function sign(secret: string, id: string, at: Date, body: string): Record<keyof SignatureHeaders, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}
