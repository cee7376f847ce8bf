// @vitest-environment node
import { expect, test } from 'vitest';
import { customerTitle } from '../../domain/toast-content.ts';
import { isVisible } from '../../domain/visible-text.ts';

test.each(['', ' ', '\n\t', '\u3164', '\u200b', '\u200e', '\u2800', '\ufe0f', '\u00ad', '\u200d\u2060 \u3164', '\0'])(
  '%j is nothing that a person sees',
  (text) => {
    expect(isVisible(text)).toBe(false);
    expect(customerTitle({ customer: { kind: 'guest', name: text, address: text } }, 'Guest')).toBe('Guest');
    expect(customerTitle({ customer: { kind: 'contact', name: text, address: '+351 1' } }, 'Guest')).toBe('+351 1');
  },
);

test.each(['Maria', 'ا', '👩‍👩‍👧', '❤️', '.', '\u00a0x', '\ufffd'])('%j is seen', (text) => {
  expect(isVisible(text)).toBe(true);
  expect(customerTitle({ customer: { kind: 'guest', name: text, address: null } }, 'Guest')).toBe(text);
});
