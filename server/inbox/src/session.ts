/** Who is signed in. The session itself is a cookie that no script can read, so the server is asked. */
import type { ChooseBusiness, CodeResponse, Me, Preferences } from '@converso/shared';
import { LONGEST_REST_MS } from '@converso/shared/reconnect';
import { signal } from '@preact/signals';
import { ApiError, request } from './api.ts';
import { deviceName } from './device.ts';
import { tellProblem } from './notice.ts';

export type Session =
  | { state: 'starting' }
  /** The server does not answer; asking goes on. */
  | { state: 'unreachable' }
  | { state: 'signed_out' }
  | { state: 'signed_in'; me: Me };

const ASK_AGAIN_MS = 5_000;
let askAgain: ReturnType<typeof setTimeout> | undefined;

export const session = signal<Session>({ state: 'starting' });

export const setMe = (me: Me): void => {
  session.value = { state: 'signed_in', me };
};

export const becomeSignedOut = (): void => {
  clearTimeout(askAgain);
  if (session.value.state !== 'signed_out') session.value = { state: 'signed_out' };
};

/**
 * Asks who is signed in, until the server has answered. Who is signed in already stays so while it does not:
 * what is on the page remains readable.
 */
export async function startSession(): Promise<void> {
  try {
    setMe(await request<Me>('GET', '/me'));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return becomeSignedOut();
    if (session.value.state === 'signed_in') return;
    session.value = { state: 'unreachable' };
    const wait = error.retryAfter === null ? ASK_AGAIN_MS : Math.min(error.retryAfter * 1000, LONGEST_REST_MS);
    clearTimeout(askAgain);
    askAgain = setTimeout(startSession, wait);
  }
}

/**
 * Sends a sign-in code to the address, if an agent has it; the answer does not say whether.
 * @returns the challenge that goes back with the code
 */
export const requestCode = async (email: string): Promise<string> =>
  (await request<CodeResponse>('POST', '/auth/code', { email })).challenge;

export type SignInAnswer =
  | { outcome: 'signed_in' }
  /** The code still holds: sign in again with one of these. */
  | { outcome: 'choose'; businesses: ChooseBusiness['businesses'] }
  | { outcome: 'wrong_code' };

/** Throws `ApiError` for all that is neither of the three: too many tries, no connection. */
export async function signIn(
  { email, challenge }: { email: string; challenge: string },
  code: string,
  businessId?: string,
): Promise<SignInAnswer> {
  const device = deviceName(navigator.userAgent);
  try {
    await request('POST', '/auth/session', {
      email,
      code,
      challenge,
      device,
      ...(businessId === undefined ? {} : { businessId }),
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 422) return { outcome: 'wrong_code' };
    const { businesses } = error.body as Partial<ChooseBusiness>;
    if (error.status === 409 && businesses) return { outcome: 'choose', businesses };
    throw error;
  }
  setMe(await request<Me>('GET', '/me'));
  return { outcome: 'signed_in' };
}

export async function signOut(): Promise<void> {
  try {
    await request('DELETE', '/auth/token');
    becomeSignedOut();
  } catch (error) {
    tellProblem(error);
  }
}

export const setPreferences = (preferences: Preferences): void => {
  if (session.value.state === 'signed_in') setMe({ ...session.value.me, preferences });
};

/** Shows the change at once, and takes it back if the server does not accept it. */
export async function changePreference(name: keyof Preferences, on: boolean): Promise<void> {
  if (session.value.state !== 'signed_in') return;
  const before = session.value.me.preferences;
  setPreferences({ ...before, [name]: on });
  try {
    setPreferences(await request<Preferences>('PATCH', '/me/preferences', { [name]: on }));
  } catch (error) {
    setPreferences(before);
    tellProblem(error);
  }
}
