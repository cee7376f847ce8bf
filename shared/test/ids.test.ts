import { describe, expect, test } from 'vitest';
import { Text, Timestamp } from '../src/ids.ts';

describe('a timestamp', () => {
  test.each([
    ['2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z'],
    ['2026-11-23T08:00:00.123Z', '2026-11-23T08:00:00.123Z'],
    ['2026-11-23T08:00:00+01:00', '2026-11-23T08:00:00+01:00'],
    ['2026-11-23T08:00Z', '2026-11-23T08:00:00Z'],
    ['2026-11-23T08:00:00+0100', '2026-11-23T08:00:00+01:00'],
    ['2026-11-23T08:00:00-03', '2026-11-23T08:00:00-03:00'],
  ])('may be written %s', (text, full) => {
    expect(Timestamp.parse(text)).toBe(full);
  });
  test.each(['2026-11-23T08:00:00', '2026-02-30T08:00:00Z', '2026-11-23T25:00Z', '2026-11-23', 'yesterday', ''])(
    'may not be written "%s"',
    (text) => {
      expect(Timestamp.safeParse(text).success).toBe(false);
    },
  );
});

test('text that no store keeps faithfully loses only the broken characters', () => {
  expect(Text.parse('a\u0000b\uD800c')).toBe('a\uFFFDb\uFFFDc');
});
