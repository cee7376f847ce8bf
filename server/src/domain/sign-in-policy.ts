/**
 * How often a sign-in code may be tried. Attempts with the challenge, which only the device has that asked for the code,
 * are counted apart from attempts by the address alone, which anybody can make. So a stranger uses up nobody's code.
 */

/** Wrong attempts after which a code is refused, for each of the two ways to try it. */
export const MAX_ATTEMPTS = 3;

/** What is stored of a code. */
export interface StoredCode {
  /** Epoch milliseconds. */
  expiresAt: number;
  /** Wrong attempts with the challenge. */
  attempts: number;
  /** Wrong attempts by the address alone. */
  addressAttempts: number;
}

export type AttemptCounter = 'attempts' | 'addressAttempts';

/** The counter that a wrong attempt raises. */
export const counterOf = (withChallenge: boolean): AttemptCounter => (withChallenge ? 'attempts' : 'addressAttempts');

/** Whether a code may still be tried in this way. */
export const mayTry = (code: StoredCode, counter: AttemptCounter, now: number): boolean =>
  code.expiresAt > now && code[counter] < MAX_ATTEMPTS;

export type SignInVerdict<Candidate> =
  | { outcome: 'signed_in'; candidate: Candidate }
  /** Several businesses know the address; asking which one costs no attempt. */
  | { outcome: 'choose' }
  /** Counts as an attempt. */
  | { outcome: 'refused' };

/** Decides about a code that may be tried. @param candidates the agents with the address, of one business or of all */
export function judgeAttempt<Candidate>(isRight: boolean, candidates: readonly Candidate[]): SignInVerdict<Candidate> {
  const [candidate] = candidates;
  if (!isRight || candidate === undefined) return { outcome: 'refused' };
  return candidates.length > 1 ? { outcome: 'choose' } : { outcome: 'signed_in', candidate };
}
