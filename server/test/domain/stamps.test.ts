import { expect, test } from 'vitest';
import { isNewer, type Stamp, stampOf } from '../../src/domain/stamps.ts';

const stored: Stamp = { at: 5000, removed: false, eventId: 'b' };

test.each<[title: string, event: Partial<Stamp>, expected: boolean]>([
  ['a later event is newer', { at: 5001, eventId: 'a' }, true],
  ['an earlier event is not newer', { at: 4999, eventId: 'c' }, false],
  ['a removal of the same time is newer than a save', { removed: true, eventId: 'a' }, true],
  ['an event of the same time and type is newer if its id sorts after the other', { eventId: 'c' }, true],
  ['an event of the same time and type is not newer if its id sorts before the other', { eventId: 'a' }, false],
  ['the same event is not newer than itself', {}, false],
])('%s', (_, event, expected) => {
  expect(isNewer({ ...stored, ...event }, stored)).toBe(expected);
});

test('a save of the same time is not newer than a removal', () => {
  expect(isNewer({ ...stored, eventId: 'c' }, { ...stored, removed: true })).toBe(false);
});

const SECOND = Date.UTC(2026, 10, 23, 8);
test.each([
  ['agent.saved', '2026-11-23T08:00:00Z', SECOND, false],
  ['agent.saved', '2026-11-23T08:00:00.250Z', SECOND + 250, false],
  ['agent.removed', '2026-11-23T08:00:00Z', SECOND + 999, true],
  ['group.removed', '2026-11-23T08:00:00.250Z', SECOND + 250, true],
] as const)('the stamp of %s dated %s', (type, timestamp, at, removed) => {
  expect(stampOf({ type, timestamp }, 'e')).toEqual({ at, removed, eventId: 'e' });
});
