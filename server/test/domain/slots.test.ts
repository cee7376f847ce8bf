import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoInZone, slotAtOrBefore, slotsBetween } from '../../src/domain/slots.ts';

const at = (iso: string) => Date.parse(iso);
const DAY = 24 * 60 * 60 * 1000;

/** A second opinion on local time, formatted anew each time. */
const local = (timeZone: string, moment: number) => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return parts.format(moment);
};

describe('slotAtOrBefore', () => {
  test.each([
    ['at the slot itself', '2026-11-23T07:00:00Z', '2026-11-23T08:00:00+01:00'],
    ['a millisecond before', '2026-11-23T06:59:59.999Z', '2026-11-21T17:00:00+01:00'],
    ['in the morning', '2026-11-23T09:59:00Z', '2026-11-23T08:00:00+01:00'],
    ['at night', '2026-11-24T02:00:00Z', '2026-11-23T17:00:00+01:00'],
    ['on Sunday: Saturday’s last', '2026-11-22T12:00:00Z', '2026-11-21T17:00:00+01:00'],
    ['in summer time', '2026-07-01T06:00:00Z', '2026-07-01T08:00:00+02:00'],
  ])('%s', (_, moment, slot) => {
    expect(isoInZone('Europe/Madrid', slotAtOrBefore('Europe/Madrid', at(moment)).at)).toBe(slot);
  });
  test('is known by the local date and hour', () => {
    expect(slotAtOrBefore('Pacific/Auckland', at('2026-11-22T19:00:00Z'))).toEqual({
      date: '2026-11-23',
      time: '08:00',
      at: at('2026-11-22T19:00:00Z'),
    });
  });
});

test('an empty zone is refused, for it would be the server’s own', () => {
  expect(() => slotsBetween('', 0, DAY)).toThrow(RangeError);
});

test('the moment a span begins is not in it, the moment it ends is', () => {
  const slots = slotsBetween('Europe/Madrid', at('2026-11-23T07:00:00Z'), at('2026-11-23T10:00:00Z'));
  expect(slots.map(({ time }) => time)).toEqual(['11:00']);
});

test('in every zone, clock changes or not: none on Sunday, four on every other day, at the right local hours', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const week = fc.record({
    timeZone: fc.constantFrom(...zones),
    start: fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') }),
  });
  fc.assert(
    fc.property(week, ({ timeZone, start }) => {
      const slots = slotsBetween(timeZone, start, start + 8 * DAY);
      const days = Map.groupBy(slots, ({ date }) => date);
      for (const slot of slots) {
        expect(local(timeZone, slot.at)).toMatch(new RegExp(`^(Mon|Tue|Wed|Thu|Fri|Sat),? ${slot.time}$`));
        expect(Date.parse(isoInZone(timeZone, slot.at))).toBe(slot.at);
      }
      // The first and the last day of the span may be cut.
      for (const day of [...days.values()].slice(1, -1)) {
        expect(day.map(({ time }) => time)).toEqual(['08:00', '11:00', '14:00', '17:00']);
      }
      expect(days.size).toBeGreaterThanOrEqual(6);
    }),
    { numRuns: 300 },
  );
});
