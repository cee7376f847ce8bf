import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replay, withoutSavedStates } from '../../src/domain/conversation.ts';
import { inOrder } from '../../src/domain/order.ts';
import type { Actor, Assignee, TimelineEvent } from '../../src/domain/timeline-event.ts';
import { act, assigned, assistant, automatic, by, Chat, received, sent, to } from './chat.ts';

let made = 0;
const saved = (at: number, assignee: Assignee, status: 'open' | 'closed' = 'open', imported = false): TimelineEvent => {
  made += 1;
  return { id: `e:s${made}`, at, imported, type: 'saved', status, assignee };
};
const person: Actor = { kind: 'person' };

const alerts = (chat: Chat): Record<string, string> => chat.open;

describe('a saved state', () => {
  test('that is equal to what is known is nothing', () => {
    const chat = new Chat().happens(received(1), saved(2, null), saved(3, null));
    expect(alerts(chat)).toEqual({
      Ana: 'inbound team_unassigned 1 told 1×',
      Ben: 'inbound team_unassigned 1 told 1×',
      Dana: 'inbound team_unassigned 1 told 1×',
    });
  });

  test('in which nobody has the assistant’s chat is a handover, told once', () => {
    const chat = new Chat().happens(saved(1, assistant), received(2), saved(3, null), saved(4, null));
    expect(alerts(chat).Ben).toBe('handover assistant_gave_up 0 told 1×');
  });

  test('after a person’s reply is no handover, also with an automatic text in between', () => {
    const answered = [saved(1, assistant), received(2), sent(3, by('Ana'))];
    const chats = [answered, [...answered, sent(4, automatic)]].map((events) =>
      new Chat().happens(...events, saved(5, null)),
    );
    expect(chats.map((chat) => [chat.open, chat.state.assignee])).toEqual([
      [{}, null],
      [{}, null],
    ]);
  });

  test('together with the reply that caused it tells nobody', () => {
    const chat = new Chat().happens(saved(1, assistant), received(2)).together([saved(3, null), sent(3, by('Ana'))]);
    expect(chat.open).toEqual({});
  });

  test('that names an agent tells them once, however often it comes', () => {
    const chat = new Chat().happens(
      received(1),
      saved(2, to('Ana')),
      saved(3, to('Ana')),
      assigned(4, to('Ana'), by('Ana')),
    );
    expect([chat.ended.Ben, chat.state.assignee]).toEqual(['settled by Ana', to('Ana')]);
  });

  test('in which nobody has an agent’s chat gives it back to the team while the customer waits', () => {
    const chat = new Chat().happens(saved(1, to('Ana')), received(2), saved(3, null));
    expect(Object.keys(chat.open)).toEqual(expect.arrayContaining(['Ben', 'Dana']));
  });

  test('that is closed settles everybody', () => {
    const chat = new Chat().happens(received(1), saved(2, to('Ana'), 'closed'));
    expect([chat.open, chat.state.status, chat.state.assignee]).toEqual([{}, 'closed', to('Ana')]);
  });

  test('that is closed by the assistant is no handover', () => {
    const chat = new Chat().happens(saved(1, assistant), received(2), saved(3, null, 'closed'));
    expect([chat.open, chat.ended.Ben]).toEqual([{}, undefined]);
  });

  test('that is open again goes on waiting, silently', () => {
    const chat = new Chat().happens(received(1), saved(2, null, 'closed'), saved(3, null));
    expect(chat.state.waitingSince).toBe(1);
    expect(alerts(chat).Ana).toBe('inbound team_unassigned 0 told 0×');
  });

  test('from long ago alerts nobody', () => {
    const chat = new Chat().happens(
      saved(1, assistant, 'open', true),
      saved(2, null, 'open', true),
      saved(3, to('Ana'), 'open', true),
    );
    expect(chat.open).toEqual({});
  });
});

test('a reply by a person who is no agent here ends the waiting like an agent’s', () => {
  const chat = new Chat().happens(received(1), sent(2, person));
  expect([chat.open, chat.state.waitingSince, chat.state.lastMessage?.from]).toEqual([{}, null, 'agent']);
});

describe('any loss and any order of states', () => {
  const holder = fc.constantFrom<Assignee>(null, assistant, to('Ana'), to('Ben'));
  const snapshots = fc.array(fc.tuple(holder, fc.constantFrom<'open' | 'closed'>('open', 'closed')), {
    minLength: 1,
    maxLength: 6,
  });

  test('that keeps the newest ends in the same status and with the same assignee', () => {
    fc.assert(
      fc.property(snapshots, fc.array(fc.nat()), (states, seeds) => {
        const events = states.map(([assignee, status], n) => saved(n * 10 + 2, assignee, status));
        const messages = states.map((_, n) => received(n * 10 + 1));
        const newest = events.at(-1)!;
        const kept = [...messages, ...events.filter((event, n) => event === newest || (seeds[n] ?? 0) % 2 === 0)];
        const shuffled = kept.toSorted(
          (a, b) => ((a.at * 7919 + (seeds[0] ?? 0)) % 101) - ((b.at * 7919 + (seeds[0] ?? 0)) % 101),
        );
        const { status, assignee } = new Chat().happens(...shuffled).state;
        const inOrder = replay(kept, 'support');
        expect({ status, assignee }).toEqual({ status: inOrder.status, assignee: inOrder.assignee });
        const [wanted, wantedStatus] = states.at(-1)!;
        expect({ status, assignee }).toEqual({ status: wantedStatus, assignee: wanted });
      }),
    );
  });

  test('alerts at most once for each act, however often its state is repeated', () => {
    fc.assert(
      fc.property(snapshots, fc.nat(3), (states, repeats) => {
        const once = states.map(([assignee, status], n) => saved(n * 10 + 2, assignee, status));
        const often = once.flatMap((event) => [
          event,
          ...Array.from({ length: repeats }, (_, n) => ({ ...event, id: `${event.id}-${n}`, at: event.at + n + 1 })),
        ]);
        const told = (events: TimelineEvent[]) =>
          new Chat().happens(received(1), ...events).rows.map(({ agentKey, alerts: n }) => [agentKey, n]);
        expect(told(often)).toEqual(told(once));
      }),
    );
  });
});

test('a thread shows states as the steps that they meant, and nothing where nothing changed', () => {
  const events = [
    saved(1, null),
    received(2),
    saved(3, to('Ana')),
    saved(4, to('Ana')),
    saved(5, null, 'closed'),
    act('reopened', 6),
  ];
  expect(withoutSavedStates(inOrder(events), 'support').map(({ type, at }) => [at, type])).toEqual([
    [2, 'received'],
    [3, 'assigned'],
    [5, 'assigned'],
    [5, 'closed'],
    [6, 'reopened'],
  ]);
});
