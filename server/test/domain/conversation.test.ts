import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyConversation, fold, HANDED_OVER_WITHIN_MS, replay } from '../../src/domain/conversation.ts';
import { inOrder } from '../../src/domain/order.ts';
import type { TimelineEvent } from '../../src/domain/timeline-event.ts';
import { act, assigned, assistant, automatic, by, Chat, handedOver, note, person, received, sent, to } from './chat.ts';

const state = (...events: TimelineEvent[]) =>
  events.reduce((before, event) => fold(before, event), emptyConversation('support'));

describe('since when a customer waits', () => {
  test.each<[string, TimelineEvent[], number | null]>([
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
    [
      'a handover after a reply: since the customer’s latest message',
      [assigned(0, assistant), received(1), sent(2, assistant), received(3), sent(4, assistant), handedOver(5)],
      3,
    ],
    ['a handover where the customer never wrote: since the handover', [assigned(0, assistant), handedOver(5)], 5],
    [
      'said as an assignment from the assistant to nobody',
      [assigned(0, assistant), received(1), sent(2, assistant), assigned(5, null)],
      1,
    ],
    [
      'the assistant’s farewell does not end it',
      [assigned(0, assistant), received(1), handedOver(2), sent(3, assistant)],
      1,
    ],
    ['nor does an automatic text', [assigned(0, assistant), received(1), handedOver(2), sent(3, automatic)], 1],
    [
      'nor being taken, given back, and the assistant’s reply',
      [
        assigned(0, assistant),
        received(1),
        handedOver(2),
        assigned(3, to('Ana'), by('Ana')),
        assigned(4, null, by('Ana')),
        sent(5, assistant),
      ],
      1,
    ],
    [
      'nor being given back to the assistant, which replies',
      [assigned(0, assistant), received(1), handedOver(2), assigned(3, assistant, by('Ana')), sent(4, assistant)],
      1,
    ],
    ['a person’s reply ends it', [assigned(0, assistant), received(1), handedOver(2), sent(3, by('Ana'))], null],
    ['also one who is no agent here', [assigned(0, assistant), received(1), handedOver(2), sent(3, person)], null],
    [
      'and the assistant’s replies count again',
      [assigned(0, assistant), handedOver(2), sent(3, by('Ana')), received(4), sent(5, assistant)],
      null,
    ],
    [
      '“no reply needed” ends it',
      [assigned(0, assistant), received(1), handedOver(2), act('no_reply_needed', 3), received(4), sent(5, assistant)],
      null,
    ],
    ['closing ends it', [assigned(0, assistant), received(1), handedOver(2), act('closed', 3)], null],
    [
      'a message on the closed chat begins a wait that the assistant ends',
      [assigned(0, assistant), received(1), handedOver(2), act('closed', 3), received(4), sent(5, assistant)],
      null,
    ],
    [
      'reopening by hand goes on waiting for a person',
      [
        assigned(0, assistant),
        received(1),
        handedOver(2),
        act('closed', 3),
        sent(4, assistant),
        act('reopened', 5),
        sent(6, assistant),
      ],
      1,
    ],
    [
      'a handover of a closed chat waits for nobody',
      [assigned(0, assistant), received(1), sent(2, assistant), act('closed', 3), handedOver(4), act('reopened', 5)],
      null,
    ],
    [
      'an imported handover waits for nobody',
      [assigned(0, assistant), received(1), sent(2, assistant), handedOver({ at: 3, imported: true })],
      null,
    ],
    [
      'a handover long after the latest message: since the handover',
      [assigned(0, assistant), received(1), sent(2, assistant), handedOver(HANDED_OVER_WITHIN_MS + 2)],
      HANDED_OVER_WITHIN_MS + 2,
    ],
    ['an import never waits', [received({ at: 1, imported: true })], null],
  ])('%s', (_, events, waitingSince) => {
    expect(state(...events).waitingSince).toBe(waitingSince);
  });
});

test('a closed chat keeps its assignee', () => {
  expect(state(assigned(1, to('Ana')), act('closed', 2)).assignee).toEqual(to('Ana'));
});

test('with equal timestamps a chat is asked before it is answered', () => {
  expect(replay([sent(1, by('Ana')), received(1)], 'support').waitingSince).toBeNull();
});

describe('with equal timestamps, whichever arrives first,', () => {
  const both = (...events: TimelineEvent[]): [string, TimelineEvent[]][] => [
    ['in order', events],
    ['the other way round', events.toReversed()],
  ];
  describe.each<[string, TimelineEvent, object]>([
    ['to the assistant', assigned(1, assistant), { Ana: 'inbound', Dana: 'inbound' }],
    ['to nobody', assigned(1, null, by('Ben')), { Ana: 'inbound', Ben: 'inbound', Dana: 'inbound' }],
    ['to an agent by a colleague', assigned(1, to('Ana'), by('Ben')), { Ana: 'assigned' }],
    ['to an agent who takes it', assigned(1, to('Ana'), by('Ana')), { Ana: 'inbound' }],
  ])('an assignment %s does not settle the first message', (_, assignment, reasons) => {
    test.each(both(assignment, received(1)))('%s', (_order, events) => {
      const { open, state: after } = new Chat().happens(...events);
      for (const [name, reason] of Object.entries(reasons)) expect(open[name]).toMatch(reason);
      expect(after.waitingSince).toBe(1);
    });
  });
  test.each(both(received(1), sent(1, by('Ana'))))('a reply answers the message: %s', (_, events) => {
    const chat = new Chat().happens(...events);
    expect([chat.open, chat.state.waitingSince]).toEqual([{}, null]);
  });
  test.each(both(assigned(1, assistant), received(1), handedOver(1)))('a handover follows them: %s', (_, events) => {
    const chat = new Chat().happens(...events);
    expect(Object.keys(chat.open)).toEqual(expect.arrayContaining(['Ana', 'Ben', 'Dana']));
    expect(chat.state.pending.handover).not.toBeNull();
  });
  test.each(both(assigned(1, assistant), assigned(1, null)))(
    'the assistant has a chat before it gives up: %s',
    (_, events) => {
      expect(new Chat().happens(...events).state.pending.handover).not.toBeNull();
    },
  );
  test.each(both(assigned(1, null), assigned(1, to('Ana'), by('Ana'))))(
    'an agent has it after that: %s',
    (_, events) => {
      expect(new Chat().happens(assigned(0, assistant), ...events).state.assignee).toEqual(to('Ana'));
    },
  );
});

/** Any short history of one chat, with few distinct timestamps so that some are equal. */
const history = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 11 })).map(([when, kind]): TimelineEvent => {
      const makers: (() => TimelineEvent)[] = [
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
  .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));

test('however the events arrive, the state is the one of their order, and the same agents have something left to do', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(history, ([events, arrival]) => {
      const ordered = new Chat().happens(...inOrder(events).map(({ event }) => event));
      const asArrived = new Chat().happens(...arrival);
      expect(asArrived.state).toEqual(ordered.state);
      // Who takes or gives back a chat has seen it, so what is theirs ends by that act, which may be before or
      // after an older event arrives. For everybody else it is the same.
      const others = (chat: Chat) =>
        Object.keys(chat.open)
          .filter((name) => !['Ana', 'Ben'].includes(name))
          .sort();
      expect(others(asArrived)).toEqual(others(ordered));
    }),
    { numRuns: 2000 },
  );
});
