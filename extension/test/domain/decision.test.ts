// @vitest-environment node
import { expect, test } from 'vitest';
import { DECISIONS_KEPT, type Decision, decisionOf, withDecisions } from '../../domain/decision.ts';
import { aNotification } from '../notification.ts';

const facts = { preview: 'full', guest: 'Guest', at: 5 } as const;

test('a decision says who wrote where and what became of it, and not what was written', () => {
  const decision = decisionOf(aNotification({ seq: 11 }), 'inbox_focused', facts);
  expect(decision).toEqual({
    at: 5,
    conversationId: 'c1',
    news: 11,
    channel: 'whatsapp',
    reason: 'inbound',
    customer: 'Maria Silva',
    outcome: 'inbox_focused',
  });
});

test('with the preview level "nothing" it does not say who', () => {
  expect(decisionOf(aNotification({ seq: 11 }), 'toast', { ...facts, preview: 'nothing' }).customer).toBeNull();
});

test('the newest come first, and the oldest go', () => {
  const made = (at: number): Decision => ({ ...decisionOf(aNotification({ seq: at }), 'toast', facts), at });
  const many = Array.from({ length: DECISIONS_KEPT }, (_, index) => made(100 - index));
  const after = withDecisions(many, [made(101), made(102)]);
  expect(after).toHaveLength(DECISIONS_KEPT);
  expect(after.slice(0, 3).map(({ at }) => at)).toEqual([102, 101, 100]);
});

test('the same is said of the same news once', () => {
  const paused = decisionOf(aNotification({ seq: 11 }), 'paused', facts);
  expect(withDecisions([paused], [{ ...paused, at: 6 }])).toEqual([paused]);
  for (const other of [{ outcome: 'toast' as const }, { news: 12 }, { conversationId: 'c2' }]) {
    expect(withDecisions([paused], [{ ...paused, ...other }])).toHaveLength(2);
  }
});

test('what an older version stored, which does not say of which news, is no repetition', () => {
  const { news: _, ...old } = decisionOf(aNotification({ seq: 11 }), 'paused', facts);
  expect(withDecisions([old], [old])).toHaveLength(2);
});
