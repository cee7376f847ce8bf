/**
 * Sign-in by a code that comes by email: asking for one, and giving it back for a session.
 *
 * After the OWASP cheat sheets on authentication, forgotten passwords and sessions, and NIST SP 800-63B: the
 * code is random, short-lived, single-use and limited in attempts; an unknown address gets the same answer
 * after the same work; neither codes nor tokens are stored in a form that would let a thief of the file in.
 */
import { createHmac, hkdfSync, randomInt, randomUUID } from 'node:crypto';
import type { TokenRequest } from '@converso/shared';
import type { AppDeps } from '../deps.ts';
import { emailKeyOf as emailKey } from '../domain/email-key.ts';
import { signInEmail } from '../email/templates/sign-in-email.ts';
import type { SignedIn } from '../ports/store.ts';
import { hashToken, newToken } from './token.ts';

/** Minutes for which a code is good. */
export const CODE_MINUTES = 5;

type SignInDeps = Pick<AppDeps, 'store' | 'clock' | 'mailQueue'> & { config: { authSecret: string } };

/** A key of its own for each purpose, so that what is signed for one is worthless for another (RFC 5869). */
export const derivedKey = (authSecret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', authSecret, 'converso', purpose, 32));

/**
 * What the store keeps of a code. Six digits are soon tried out, so they are hashed with a key that is not in
 * the database, and together with the address, so that the same code looks different for everyone.
 */
export const hashCode = (authSecret: string, email: string, code: string): string =>
  createHmac('sha256', derivedKey(authSecret, 'sign-in code'))
    .update(`${emailKey(email)}\n${code}`)
    .digest('base64url');

/**
 * Makes a code for the address and has it sent if an agent has that address. For any other address the same work is
 * done, the email composed too, and nothing sent. Resolves before the email is on its way.
 * @returns the challenge, which only the client that asked has: with it the code is good whatever others ask for or try
 */
export async function requestCode(
  { store, clock, mailQueue, config }: SignInDeps,
  address: string,
): Promise<{ challenge: string }> {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const challenge = newToken();
  const email = emailKey(address);
  const now = clock.now();
  const codeHash = hashCode(config.authSecret, email, code);
  const expiresAt = now + CODE_MINUTES * 60_000;
  const { known } = await store.putCode({ email, codeHash, challengeHash: hashToken(challenge), expiresAt, now });
  const idempotencyKey = `sign-in/${randomUUID()}`;
  const compose = async () => ({ ...signInEmail(email, code, CODE_MINUTES), idempotencyKey });
  if (known) mailQueue.post('sign_in', compose);
  else mailQueue.rehearse(compose);
  return { challenge };
}

/** Trades a code for a session. The token is in the answer and nowhere else. */
export async function signIn(
  { store, clock, config }: SignInDeps,
  { email, code, challenge, device, businessId }: TokenRequest,
): Promise<SignedIn & { token: string }> {
  const token = newToken();
  const signedIn = await store.signIn({
    email: emailKey(email),
    codeHash: hashCode(config.authSecret, email, code),
    device: device || null,
    tokenHash: hashToken(token),
    now: clock.now(),
    ...(challenge === undefined ? {} : { challengeHash: hashToken(challenge) }),
    ...(businessId === undefined ? {} : { businessId }),
  });
  return { ...signedIn, token };
}
