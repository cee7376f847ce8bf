import { describe, expect, test } from 'vitest';
import { TokenRequest } from '../src/api.ts';
import { asciiDigits, codeIn } from '../src/digits.ts';

const SCRIPTS = [
  ['ASCII', '0123456789'],
  ['Arabic', '٠١٢٣٤٥٦٧٨٩'],
  ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
  ['full-width', '０１２３４５６７８９'],
  ['Devanagari', '०१२३४५६७८९'],
  ['mathematical bold', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'],
  ['mathematical monospace', '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿'],
] as const;

describe('digits', () => {
  test.each(SCRIPTS)('in %s are digits', (_name, all) => {
    expect(asciiDigits(all)).toBe('0123456789');
  });

  test('of every script that Unicode has are one of ten', () => {
    const counts = new Map<string, number>();
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const character = String.fromCodePoint(codePoint);
      if (!/\p{Nd}/u.test(character)) continue;
      const digit = asciiDigits(character);
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...'0123456789']);
    expect(new Set(counts.values()).size).toBe(1);
  });

  test('stand where they stood, and the rest stays', () => {
    expect(asciiDigits('a٤ ½ ² Ⅷ ５z')).toBe('a4 ½ ² Ⅷ 5z');
  });
});

describe('the code in a text', () => {
  test.each([
    ['123 456', '123456'],
    ['Your code is 123-456.', '123456'],
    ['رمزك هو ١٢٣٤٥٦', '123456'],
    ['۱۲۳ ۴۵۶', '123456'],
    ['１２３４５６', '123456'],
    ['1234567', '123456'],
    ['12ab3', '123'],
    ['', ''],
  ])('%j is %j', (text, code) => expect(codeIn(text)).toBe(code));
});

describe('the code of a request', () => {
  const code = (text: string) => TokenRequest.safeParse({ email: 'ana@shop.example', code: text });
  test.each(['123456', ' 123456 ', '١٢٣٤٥٦', '۱۲۳۴۵۶', '１２３４５６'])('may be written %j', (text) => {
    expect(code(text).data?.code).toBe('123456');
  });
  test.each(['12345', '1234567', '12345a', '½²³⁴⁵⁶', ''])('may not be %j', (text) => {
    expect(code(text).success).toBe(false);
  });
});
