import { describe, expect, test } from 'vitest';
import { replaced, SealError, seal, unseal, valuesAt } from '../../src/services/sealing.ts';

const DAY = 24 * 60 * 60 * 1000;
const AUTH = 'a secret of the tests, long enough';

describe('sealed secrets', () => {
  const held = replaced({}, { token: 'the token' }, 0);

  test('are read again with the same AUTH_SECRET, for the same source', () => {
    expect(unseal(seal(held, 'src_a', AUTH), 'src_a', AUTH)).toEqual(held);
  });

  test('are another text each time, which does not hold them', () => {
    const [first, second] = [seal(held, 'src_a', AUTH), seal(held, 'src_a', AUTH)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('the token');
  });

  test('cannot be read with another AUTH_SECRET, for another source, changed, or cut', () => {
    const sealed = seal(held, 'src_a', AUTH);
    const changed = Buffer.from(sealed, 'base64url').map((byte, n) => (n === 40 ? byte ^ 1 : byte));
    expect(() => unseal(sealed, 'src_a', `${AUTH}!`)).toThrow(SealError);
    expect(() => unseal(sealed, 'src_b', AUTH)).toThrow(SealError);
    expect(() => unseal(Buffer.from(changed).toString('base64url'), 'src_a', AUTH)).toThrow(SealError);
    expect(() => unseal(sealed.slice(0, 20), 'src_a', AUTH)).toThrow(SealError);
    expect(() => unseal('', 'src_a', AUTH)).toThrow(SealError);
  });
});

describe('a secret that was replaced', () => {
  const held = replaced(replaced({}, { token: 'first', other: 'o' }, 0), { token: 'second' }, 1000);

  test('holds for a day beside the new one, which comes first', () => {
    expect(valuesAt(held, ['token', 'other'], 1000 + DAY - 1)).toEqual({ token: ['second', 'first'], other: ['o'] });
    expect(valuesAt(held, ['token', 'other'], 1000 + DAY)).toEqual({ token: ['second'], other: ['o'] });
  });

  test('by the same value, or by none, stays as it is', () => {
    expect(valuesAt(replaced(held, { token: 'second', other: undefined }, 2000), ['token', 'other'], 2000)).toEqual({
      token: ['second', 'first'],
      other: ['o'],
    });
  });
});
