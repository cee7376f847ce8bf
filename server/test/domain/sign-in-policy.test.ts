import { expect, test } from 'vitest';
import { counterOf, judgeAttempt, MAX_ATTEMPTS, mayTry, type StoredCode } from '../../src/domain/sign-in-policy.ts';

const NOW = 1000;
const code = (more: Partial<StoredCode> = {}): StoredCode => ({
  expiresAt: NOW + 1,
  attempts: 0,
  addressAttempts: 0,
  ...more,
});

test.each<[title: string, code: StoredCode, withChallenge: boolean, expected: boolean]>([
  ['a new code may be tried', code(), true, true],
  ['a code may be tried a third time', code({ attempts: MAX_ATTEMPTS - 1 }), true, true],
  ['a code may not be tried a fourth time with its challenge', code({ attempts: MAX_ATTEMPTS }), true, false],
  ['a code may not be tried a fourth time by its address', code({ addressAttempts: MAX_ATTEMPTS }), false, false],
  ['attempts by the address leave those with the challenge', code({ addressAttempts: MAX_ATTEMPTS }), true, true],
  ['attempts with the challenge leave those by the address', code({ attempts: MAX_ATTEMPTS }), false, true],
  ['an expired code may not be tried', code({ expiresAt: NOW }), true, false],
])('%s', (_, stored, withChallenge, expected) => {
  expect(mayTry(stored, counterOf(withChallenge), NOW)).toBe(expected);
});

test('a code may be tried three times', () => {
  expect(MAX_ATTEMPTS).toBe(3);
});

test.each<[title: string, isRight: boolean, candidates: string[], expected: object]>([
  ['a right code signs the only agent in', true, ['ana'], { outcome: 'signed_in', candidate: 'ana' }],
  ['a right code of several businesses asks for the business', true, ['ana', 'bea'], { outcome: 'choose' }],
  ['a right code without an agent is refused', true, [], { outcome: 'refused' }],
  ['a wrong code is refused', false, ['ana'], { outcome: 'refused' }],
  ['a wrong code does not tell that there are several businesses', false, ['ana', 'bea'], { outcome: 'refused' }],
])('%s', (_, isRight, candidates, expected) => {
  expect(judgeAttempt(isRight, candidates)).toEqual(expected);
});
