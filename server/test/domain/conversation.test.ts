import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyConversation, fold, replay } from '../../src/domain/conversation.ts';
import { byKey, type Entry } from '../../src/domain/entry.ts';
import { act, assigned, assistant, automatic, by, Chat, handedOver, note, received, sent, to } from './chat.ts';

const state = (...entries: Entry[]) => entries.reduce(fold, emptyConversation('support'));

describe('since when a customer waits', () => {
  test.each<[string, Entry[], number | null]>([
    ['the first message after nothing', [received(1), received(2)], 1],
    ['the first after a person’s reply', [received(1), sent(2, by('Ana')), received(3), received(4)], 3],
    ['a reply by a person ends it', [received(1), sent(2, by('Ana'))], null],
    ['a reply by the assistant ends it', [assigned(0, assistant), received(1), sent(2, assistant)], null],
    ['so does its reply when it does not have the chat', [received(1), sent(2, assistant)], null],
    ['an automatic text does not', [received(1), sent(2, automatic)], 1],
    ['nor a private note', [received(1), note(2, by('Ana'))], 1],
    ['nor an assignment', [received(1), assigned(2, to('Ana'), by('Ana'))], 1],
    ['nor a handover', [assigned(0, assistant), received(1), handedOver(2)], 1],
    ['“no reply needed” ends it', [received(1), act('no_reply_needed', 2)], null],
    ['until the customer writes again', [received(1), act('no_reply_needed', 2), received(3)], 3],
    ['closing ends it', [received(1), act('closed', 2)], null],
    ['a message on a closed chat begins anew', [received(1), act('closed', 2), received(3)], 3],
    ['reopening by hand goes on waiting', [received(1), act('closed', 2), act('reopened', 3)], 1],
    ['also if it was closed twice', [received(1), act('closed', 2), act('closed', 3), act('reopened', 4)], 1],
    [
      'unless it was answered while closed',
      [received(1), act('closed', 2), sent(3, by('Ana')), act('reopened', 4)],
      null,
    ],
    [
      'or marked as needing no answer',
      [received(1), act('closed', 2), act('no_reply_needed', 3), act('reopened', 4)],
      null,
    ],
    ['an import never waits', [received({ at: 1, imported: true })], null],
  ])('%s', (_, entries, waitingSince) => {
    expect(state(...entries).waitingSince).toBe(waitingSince);
  });
});

test('a closed chat keeps its assignee', () => {
  expect(state(assigned(1, to('Ana')), act('closed', 2)).assignee).toEqual(to('Ana'));
});

test('with equal timestamps a chat is asked before it is answered', () => {
  expect(replay([sent(1, by('Ana')), received(1)], 'support').waitingSince).toBeNull();
});

/** Any short history of one chat, with few distinct timestamps so that some are equal. */
const history = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 11 })).map(([when, kind]): Entry => {
      const makers: (() => Entry)[] = [
        () => received(when),
        () => received(when),
        () => sent(when, by('Ana')),
        () => sent(when, assistant),
        () => sent(when, automatic),
        () => assigned(when, to('Ana'), by('Ana')),
        () => assigned(when, to('Fay'), by('Ana')),
        () => assigned(when, assistant),
        () => assigned(when, null, by('Ben')),
        () => handedOver(when),
        () => act('closed', when),
        () => act('reopened', when),
      ];
      return makers[kind]!();
    }),
    { maxLength: 8 },
  )
  .chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));

test('however the events arrive, the state is the one of their order, and the same agents have something left to do', () => {
  fc.assert(
    fc.property(history, ([entries, arrival]) => {
      const inOrder = new Chat().happens(...entries.toSorted(byKey));
      const asArrived = new Chat().happens(...arrival);
      expect(asArrived.state).toEqual(inOrder.state);
      // Who takes or gives back a chat has seen it, so what is theirs ends by that act, which may be before or
      // after an older event arrives. For everybody else it is the same.
      const others = (chat: Chat) =>
        Object.keys(chat.open)
          .filter((name) => !['Ana', 'Ben'].includes(name))
          .sort();
      expect(others(asArrived)).toEqual(others(inOrder));
    }),
    { numRuns: 2000 },
  );
});
