import { expect, test } from 'vitest';
import { emailKeyOf } from '../../src/domain/email-key.ts';

test.each([
  [' Ana@Example.com ', 'ana@example.com'],
  ['ana@MÜNCHEN.de', 'ana@xn--mnchen-3ya.de'],
  ['ana@xn--mnchen-3ya.de', 'ana@xn--mnchen-3ya.de'],
  ["o'brien&co@example.com", "o'brien&co@example.com"],
  ['', ''],
  ['no address', 'no address'],
])('the address %j is compared as %j', (email, key) => {
  expect(emailKeyOf(email)).toBe(key);
});
