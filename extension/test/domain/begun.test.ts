// @vitest-environment node
import { expect, test } from 'vitest';
import { timesBegun, withBegun, withoutBegun } from '../../domain/begun.ts';
import { aNotification } from '../notification.ts';

const a = aNotification({ conversationId: 'a', seq: 7 });
const b = aNotification({ conversationId: 'b', seq: 8 });

test('what was begun is counted until it is finished', () => {
  const twice = withBegun(withBegun([], [a, b]), [a]);
  expect([timesBegun(twice, a), timesBegun(twice, b)]).toEqual([2, 1]);
  expect(withoutBegun(twice, [a])).toEqual([expect.objectContaining({ conversationId: 'b', times: 1 })]);
});

test('newer news of the conversation begin at one, and so does another notification', () => {
  const twice = withBegun(withBegun([], [a]), [a]);
  for (const other of [
    { ...a, alertedSeq: 9 },
    { ...a, id: 'other' },
  ]) {
    expect(timesBegun(twice, other)).toBe(0);
    expect(withBegun(twice, [other])).toEqual([expect.objectContaining({ conversationId: 'a', times: 1 })]);
  }
});

test('no more than fifty are kept', () => {
  const many = Array.from({ length: 60 }, (_, index) => aNotification({ conversationId: `c${index}` }));
  const kept = withBegun([], many);
  expect(kept).toHaveLength(50);
  expect(kept.at(-1)?.conversationId).toBe('c59');
});
