import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedKey } from './sign-in.ts';

interface Subscriber {
  businessId: string;
  agentId: string;
}

const signature = (authSecret: string, payload: string): Buffer =>
  createHmac('sha256', derivedKey(authSecret, 'unsubscribe')).update(payload).digest();

/** What an email's unsubscribe link carries: whom it is for, signed. It never expires and does nothing else. */
export function unsubscribeToken(authSecret: string, { businessId, agentId }: Subscriber): string {
  const payload = Buffer.from(JSON.stringify([businessId, agentId])).toString('base64url');
  return `${payload}.${signature(authSecret, payload).toString('base64url')}`;
}

/** Whom a token is for; null unless this server signed it. */
export function readUnsubscribeToken(authSecret: string, token: string): Subscriber | null {
  const [payload = '', given = ''] = token.split('.');
  const expected = signature(authSecret, payload);
  const received = Buffer.from(given, 'base64url');
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return null;
  const [businessId, agentId] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [string, string];
  return { businessId, agentId };
}
