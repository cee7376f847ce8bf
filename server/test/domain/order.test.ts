import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/domain/conversation.ts';
import { compareKeys, inOrder } from '../../src/domain/order.ts';
import type { TimelineEvent } from '../../src/domain/timeline-event.ts';
import { act, assigned, assistant, automatic, by, Chat, handedOver, note, received, sent, to } from './chat.ts';

/** A stamp without fractions. */
const whole = (at: number) => ({ at, wholeSecond: true as const });
const orders = (...events: TimelineEvent[]): [string, TimelineEvent[]][] => [
  ['as they happened', events],
  ['the other way round', events.toReversed()],
];
const typesOf = (events: readonly TimelineEvent[]) => inOrder(events).map(({ event }) => event.type);

describe('a stamp without fractions is compared by its second:', () => {
  describe.each<[string, TimelineEvent[]]>([
    [
      'a reply stamped by the second answers the message of that second',
      [received(1400), sent(whole(1000), by('Ana'))],
    ],
    [
      'a message stamped by the second is answered by the reply of that second',
      [received(whole(1000)), sent(1400, by('Ana'))],
    ],
    ['both are stamped by the second', [received(whole(1000)), sent(whole(1000), by('Ana'))]],
    [
      'among others of the second',
      [received(1400), received(1900), sent(whole(1000), by('Ana')), act('closed', whole(1000))],
    ],
  ])('%s', (_, events) => {
    test.each(orders(...events))('arriving %s', (_order, arrival) => {
      const chat = new Chat().happens(...arrival);
      expect([chat.state.waitingSince, chat.open]).toEqual([null, {}]);
      expect(typesOf(arrival)).toEqual(events.map(({ type }) => type));
    });
  });
  describe.each<[string, TimelineEvent[]]>([
    [
      'a message stamped by the second follows the assignment of that second',
      [assigned(1700, assistant), received(whole(1000))],
    ],
    [
      'an assignment stamped by the second comes before the message of that second',
      [assigned(whole(1000), assistant), received(1000)],
    ],
    ['a reply of the second before does not answer', [sent(whole(1000), by('Ana')), received(2000)]],
    ['fractions decide where both have them', [sent(1400, by('Ana')), received(1700), note(whole(1000), by('Ana'))]],
  ])('%s', (_, events) => {
    test.each(orders(...events))('arriving %s', (_order, arrival) => {
      const chat = new Chat().happens(...arrival);
      expect(chat.state.waitingSince).not.toBeNull();
      expect(Object.keys(chat.open)).toEqual(expect.arrayContaining(['Ana', 'Dana']));
      expect(typesOf(arrival)).toEqual(events.map(({ type }) => type));
    });
  });
});

describe('a reply that names the message it answers', () => {
  const message = received({ at: 5000, id: 'm:1' });
  const early = () => sent(2000, by('Ana'), 'm:1');
  test.each(orders(message, early()))('comes after it, whatever its clock says, arriving %s', (_, arrival) => {
    const chat = new Chat().happens(...arrival);
    expect([chat.state.waitingSince, chat.open]).toEqual([null, {}]);
  });
  test.each(orders(received({ at: 5000, id: 'm:1' }), sent(2000, by('Ana'), 'm:1'), received({ at: 6000, id: 'm:2' })))(
    'answers no message after that, arriving %s',
    (_, arrival) => {
      const chat = new Chat().happens(...arrival);
      expect(chat.state.waitingSince).toBe(6000);
      expect(chat.open.Dana).toBe('inbound team_unassigned 1 told 1×');
    },
  );
  test('keeps its own time where that is later', () => {
    const events = [received({ at: 1000, id: 'm:1' }), received({ at: 2000, id: 'm:2' }), sent(3000, by('Ana'), 'm:1')];
    expect(new Chat().happens(...events).state.waitingSince).toBeNull();
  });
  test.each(['m:9', 'e:1', ''])('and names none that is there (%j) keeps its own time', (inReplyTo) => {
    expect(new Chat().happens(sent(2000, by('Ana'), inReplyTo), received(5000)).state.waitingSince).toBe(5000);
  });
});

/** Any short history of one chat within a few seconds, stamped with and without fractions, replies naming messages. */
const history = fc
  .array(
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(null, 0, 200, 400, 700), fc.nat(9), fc.nat(3))
      .map(([second, fraction, kind, nth]): TimelineEvent => {
        const when = fraction === null ? whole(second * 1000) : { at: second * 1000 + fraction };
        const makers: (() => TimelineEvent)[] = [
          () => received(when),
          () => received({ ...when, id: `m:${nth}` }),
          () => sent(when, by('Ana'), `m:${nth}`),
          () => sent(when, assistant),
          () => sent(when, automatic, `m:${nth}`),
          () => assigned(when, to('Fay'), by('Ana')),
          () => assigned(when, assistant),
          () => assigned(when, null, by('Ben')),
          () => handedOver(when),
          () => act('closed', when),
        ];
        return makers[kind]!();
      }),
    { maxLength: 9 },
  )
  .map((events) => [...new Map(events.map((event) => [event.id, event])).values()])
  .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));

describe('whatever the stamps are', () => {
  test('the order is one for all, whichever arrives first', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(history, ([events, arrival]) => {
        const ids = (some: readonly TimelineEvent[]) => inOrder(some).map(({ event }) => event.id);
        expect(ids(arrival)).toEqual(ids(events));
        const keys = inOrder(events).map(({ key }) => key);
        for (const [n, key] of keys.entries()) {
          for (const later of keys.slice(n + 1)) expect(compareKeys(key, later)).toBeLessThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
  test('however the events arrive, the state is the one of their order', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(history, ([events, arrival]) => {
        const chat = new Chat().happens(...arrival);
        expect(chat.state).toEqual(replay(events, 'support'));
      }),
      { numRuns: 2000 },
    );
  });
  test('events with fractions keep the order of their times', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(history, ([events]) => {
        const exact = inOrder(events).filter(({ event }) => !event.wholeSecond && !('inReplyTo' in event));
        expect(exact.map(({ event }) => event.at)).toEqual(
          exact.map(({ event }) => event.at).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
