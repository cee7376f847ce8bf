// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  highestSeq,
  isPending,
  isReadValid,
  KEPT_IN_ALL,
  KEPT_LATEST,
  NO_BELL,
  openAt,
  withAcknowledged,
  withNotification,
  withPreferences,
  withRead,
  withReads,
  withSnapshot,
} from '../../domain/bell.ts';
import { aMe, aNotification } from '../notification.ts';

const many = (count: number, state: 'open' | 'read', from = 1) =>
  Array.from({ length: count }, (_, index) =>
    aNotification({ conversationId: `${state}${index}`, seq: from + index, state }),
  );

describe('a revision', () => {
  test('is added, newest news first, with the count of the server', () => {
    const first = withNotification(NO_BELL, aNotification({ conversationId: 'a', seq: 1 }), 1);
    const second = withNotification(first, aNotification({ conversationId: 'b', seq: 2 }), 2);
    expect(second.items.map((item) => item.conversation.id)).toEqual(['b', 'a']);
    expect(second.unread).toBe(2);
  });

  test('replaces an older one of the same notification', () => {
    const before = withNotification(NO_BELL, aNotification({ seq: 1, messageCount: 1 }), 1);
    const after = withNotification(before, aNotification({ seq: 2, messageCount: 2 }), 1);
    expect(after.items).toHaveLength(1);
    expect(after.items[0]?.messageCount).toBe(2);
  });

  test('that is older, or was seen before, changes nothing but the count', () => {
    const before = withNotification(NO_BELL, aNotification({ seq: 5, state: 'settled' }), 0);
    for (const seq of [4, 5]) {
      const after = withNotification(before, aNotification({ seq, state: 'open' }), 7);
      expect(after.items).toEqual(before.items);
      expect(after.unread).toBe(7);
    }
  });

  test('that is read keeps its place in the list, for it is no news', () => {
    let bell = withNotification(NO_BELL, aNotification({ conversationId: 'a', seq: 1 }), 1);
    bell = withNotification(bell, aNotification({ conversationId: 'b', seq: 2 }), 2);
    bell = withNotification(bell, aNotification({ conversationId: 'a', seq: 3, alertedSeq: 1, state: 'read' }), 1);
    expect(bell.items.map((item) => item.conversation.id)).toEqual(['b', 'a']);
  });

  test('in any order leads to the same list', () => {
    const revisions = [1, 2, 3].flatMap((round) =>
      ['a', 'b', 'c'].map((conversationId, index) =>
        aNotification({ conversationId, seq: round * 3 + index, state: round === 3 ? 'read' : 'open' }),
      ),
    );
    const listOf = (order: typeof revisions) =>
      order.reduce((bell, revision) => withNotification(bell, revision, 0), NO_BELL).items;
    fc.assert(
      fc.property(fc.shuffledSubarray(revisions, { minLength: revisions.length }), (order) => {
        expect(listOf(order)).toEqual(listOf(revisions));
      }),
    );
  });
});

describe('the length of the list', () => {
  test('is bounded for what is no longer open', () => {
    const bell = many(KEPT_LATEST + 30, 'read').reduce((before, item) => withNotification(before, item, 0), NO_BELL);
    expect(bell.items).toHaveLength(KEPT_LATEST);
    expect(bell.items[0]?.seq).toBe(KEPT_LATEST + 30);
  });

  test('spares what is open, though it be old', () => {
    const me = aMe();
    const items = [...many(100, 'open'), ...many(100, 'read', 1000)];
    const bell = withSnapshot(NO_BELL, { me, unread: 100, items });
    expect(bell.items.filter((item) => item.state === 'open')).toHaveLength(100);
    expect(bell.items).toHaveLength(100 + KEPT_LATEST);
  });

  test('is bounded in all', () => {
    const bell = withSnapshot(NO_BELL, { me: aMe(), unread: 400, items: many(400, 'open') });
    expect(bell.items).toHaveLength(KEPT_IN_ALL);
  });

  test('bounds what is remembered as acknowledged, too', () => {
    const items = many(KEPT_LATEST + 1, 'read');
    const listAndHandle = (before: typeof NO_BELL, item: (typeof items)[number]) =>
      withAcknowledged(withNotification(before, item, 0), [item]);
    const bell = items.reduce(listAndHandle, NO_BELL);
    expect(Object.keys(bell.handled)).toHaveLength(KEPT_LATEST);
    expect(bell.handled).not.toHaveProperty('read0');
  });
});

describe('a snapshot', () => {
  test('replaces the list and keeps what was acknowledged', () => {
    const before = withAcknowledged(withNotification(NO_BELL, aNotification({ seq: 4 }), 1), [
      aNotification({ seq: 4 }),
    ]);
    const item = aNotification({ seq: 4 });
    const after = withSnapshot(before, { me: aMe(), unread: 1, items: [item] });
    expect(after.items).toEqual([item]);
    expect(isPending(after, item)).toBe(false);
  });

  test('drops what it does not name', () => {
    const before = withNotification(NO_BELL, aNotification({ conversationId: 'gone', seq: 4 }), 1);
    const after = withSnapshot(before, { me: aMe(), unread: 0, items: [] });
    expect(after.items).toEqual([]);
  });

  test('of a server that counts anew hides no news behind old memories', () => {
    const before = withAcknowledged(NO_BELL, [aNotification({ seq: 900 })]);
    const item = aNotification({ seq: 3 });
    expect(isPending(withSnapshot(before, { me: aMe(), unread: 1, items: [item] }), item)).toBe(true);
  });
});

describe('what was acknowledged', () => {
  test.each([
    ['news beyond it are pending', { seq: 6, alertedSeq: 6 }, true],
    ['news that a silent revision replaced are pending all the same', { seq: 9, alertedSeq: 6 }, true],
    ['the same news are told', { seq: 9, alertedSeq: 5 }, false],
    ['what is read is not told', { seq: 9, alertedSeq: 9, state: 'read' as const }, false],
    ['what was never news is not told', { seq: 9, alertedSeq: 0 }, false],
  ])('%s', (_name, facts, pending) => {
    const bell = withAcknowledged(NO_BELL, [aNotification({ seq: 5 })]);
    expect(isPending(bell, aNotification(facts))).toBe(pending);
  });

  test('never goes back', () => {
    const bell = withAcknowledged(withAcknowledged(NO_BELL, [aNotification({ seq: 5 })]), [aNotification({ seq: 2 })]);
    expect(bell.handled).toEqual({ c1: 5 });
  });
});

describe('reading', () => {
  const two = [aNotification({ conversationId: 'a', seq: 1 }), aNotification({ conversationId: 'b', seq: 2 })].reduce(
    (bell, item, index) => withNotification(bell, item, index + 1),
    NO_BELL,
  );

  test('changes state and count, and the server still replaces the guess', () => {
    const read = withRead(two, (item) => item.conversation.id === 'a');
    expect(openAt(read, 'a')).toBeUndefined();
    expect(read.unread).toBe(1);
    const again = withNotification(read, aNotification({ conversationId: 'a', seq: 3 }), 2);
    expect(openAt(again, 'a')?.seq).toBe(3);
  });

  test('of what is not open changes nothing', () => {
    const read = withRead(two, () => true);
    expect(withRead(read, () => true)).toBe(read);
    expect(read.unread).toBe(0);
  });

  test('that the server has not heard of holds for what was seen, not for what came since', () => {
    const bell = withReads(two, [{ conversationId: 'a', upTo: 1 }, { upTo: 1 }]);
    expect(openAt(bell, 'a')).toBeUndefined();
    expect(openAt(bell, 'b')).toBeDefined();
    expect(withReads(two, [{ upTo: 2 }]).unread).toBe(0);
  });

  test.each([
    ['nothing came since', { conversationId: 'a', upTo: 1 }, true],
    ['the customer wrote again', { conversationId: 'a', upTo: 0 }, false],
    ['it is not listed any more', { conversationId: 'z', upTo: 0 }, true],
    ['the server bounds it itself', { upTo: 0 }, true],
  ])('is still worth sending: %s', (_name, read, valid) => {
    expect(isReadValid(two, read)).toBe(valid);
  });
});

test('preferences go to the agent, if there is one', () => {
  const off = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };
  expect(withPreferences(NO_BELL, off)).toBe(NO_BELL);
  expect(withPreferences({ ...NO_BELL, me: aMe() }, off).me?.preferences).toEqual(off);
});

test('the highest seq of an empty list is 0', () => {
  expect(highestSeq(NO_BELL)).toBe(0);
  expect(highestSeq(withNotification(NO_BELL, aNotification({ seq: 8 }), 1))).toBe(8);
});
