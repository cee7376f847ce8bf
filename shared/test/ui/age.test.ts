import { describe, expect, onTestFinished, test } from 'vitest';
import { age, bellTextsEn, clock, type Format, span } from '../../src/ui/index.ts';
import { NOW } from './notifications.ts';

const london: Format = { locale: 'en-GB', timeZone: 'Europe/London' };
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const told = (passed: number, format = london) => age(NOW - passed, NOW, bellTextsEn.span, format);

describe('age', () => {
  test.each([
    [0, 'just now'],
    [59 * second, 'just now'],
    [minute, '1 min'],
    [4.9 * minute, '4 min'],
    [59.9 * minute, '59 min'],
    [hour, '1 h'],
    [23.9 * hour, '23 h'],
    [day, 'Fri 15:00'],
    [5.9 * day, 'Sun 17:24'],
    [6 * day, '16 Nov, 15:00'],
    [6.9 * day, '15 Nov, 17:24'],
  ])('%d ms ago reads "%s"', (passed, words) => expect(told(passed)).toBe(words));

  test('of a moment ahead, by a server whose clock is fast, is "just now"', () =>
    expect(told(-90 * second)).toBe('just now'));

  test('never names the weekday of today for last week', () => {
    for (let hours = 24; hours < 14 * 24; hours++) expect(told(hours * hour)).not.toMatch(/^Sat/);
  });

  test('follows the language and the zone of its reader', () => {
    expect(told(day, { locale: 'en-US', timeZone: 'America/New_York' })).toBe('Fri 10:00 AM');
    expect(told(day, { locale: 'de-DE', timeZone: 'Asia/Tokyo' })).toBe('Sa 00:00');
  });
});

test('clock tells today by the hour alone, in the past and in the future', () => {
  expect(clock(NOW - hour, NOW, london)).toBe('14:00');
  expect(clock(NOW + 30 * minute, NOW, london)).toBe('15:30');
  expect(clock(NOW + 17 * hour, NOW, london)).toBe('Sun 08:00');
});

test('span counts whole units and rounds down', () => {
  expect(span(NOW - 2.9 * day, NOW)).toEqual({ unit: 'day', count: 2 });
  expect(span(NOW - 119 * minute, NOW)).toEqual({ unit: 'hour', count: 1 });
});

test('a clock follows the computer to another zone', () => {
  const { TZ } = process.env;
  onTestFinished(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const noon = Date.parse('2026-11-21T12:00:00Z');
  const here = (zone: string) => {
    process.env.TZ = zone;
    return clock(noon, noon, { locale: 'en-GB' });
  };
  expect([here('Europe/London'), here('Asia/Tokyo')]).toEqual(['12:00', '21:00']);
});
