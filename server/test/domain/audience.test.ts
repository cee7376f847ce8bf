import { describe, expect, test } from 'vitest';
import {
  type AgentFacts,
  assignedNotice,
  diffRecipients,
  handoverNotice,
  inboundNotice,
  type Notice,
  noticeForNewcomers,
  type People,
  waitingNotice,
} from '../../src/domain/audience.ts';
import { replay } from '../../src/domain/conversation.ts';
import type { TimelineEvent } from '../../src/domain/timeline-event.ts';
import { type Transition, transitionOf } from '../../src/domain/transition.ts';
import { act, assigned, assistant, by, handedOver, received, sent, to } from './chat.ts';

const agent = (key: number, id: string, facts: Partial<AgentFacts> = {}): [string, AgentFacts] => [
  id,
  { key, id, name: id, active: true, assistantChats: true, ...facts },
];

/** Ben has muted the assistant's chats; Eve was removed. */
const PEOPLE: People = {
  agents: new Map([agent(1, 'Ana'), agent(2, 'Ben', { assistantChats: false }), agent(3, 'Eve', { active: false })]),
  teams: new Map([['support', ['Ana', 'Ben', 'Eve']]]),
};

/** The last event arrives when the others are known. */
function arrival(events: readonly TimelineEvent[]): Transition {
  const known = events.slice(0, -1);
  return transitionOf(replay(known, 'support'), events.at(-1)!, known, 'support').transition;
}

/** `reason why: agents`, with what is special about the notice. */
const inShort = (notice: Notice | null): string | null =>
  notice &&
  [
    `${notice.reason} ${notice.why}: ${notice.agents.map(({ id }) => id).join(' ')}`.trim(),
    ...(notice.message ? ['one more message'] : []),
    ...(notice.onlyWithoutOpen ? ['only without an open one'] : []),
    ...(notice.alert ? [] : ['silent']),
  ].join(', ');

type Row = [title: string, events: TimelineEvent[], expected: string | null];

describe('a message of the customer notifies', () => {
  const rows: Row[] = [
    ['the whole team while nobody has the chat', [received(1)], 'inbound team_unassigned: Ana Ben, one more message'],
    ['the assignee alone', [assigned(1, to('Ben')), received(2)], 'inbound assigned_to_you: Ben, one more message'],
    [
      'the agents who have not muted the assistant, while the assistant has the chat',
      [assigned(1, assistant), received(2)],
      'inbound assistant_answering: Ana, one more message',
    ],
    ['nobody if it arrives after the reply to it', [sent(2, by('Ana')), received(1)], null],
    ['nobody if it is something else', [received(1), sent(2, by('Ana'))], null],
  ];
  test.each(rows)('%s', (_, events, expected) => {
    expect(inShort(inboundNotice(arrival(events), PEOPLE))).toBe(expected);
  });
});

describe('a handover notifies', () => {
  const rows: Row[] = [
    [
      'the whole team, the agents who muted the assistant included',
      [assigned(1, assistant), received(2), handedOver(3)],
      'handover assistant_gave_up: Ana Ben',
    ],
    ['nobody twice', [received(1), handedOver(2), handedOver(3)], null],
    ['the agent alone who has the chat', [assigned(1, to('Ana')), handedOver(2)], 'handover assistant_gave_up: Ana'],
    ['nobody if nothing was handed over', [received(1)], null],
    [
      'also the agent whose late reopening makes it count',
      [received(1), act('closed', 2), handedOver(5), act('reopened', 3, by('Ana'))],
      'handover assistant_gave_up: Ana Ben',
    ],
  ];
  test.each(rows)('%s', (_, events, expected) => {
    expect(inShort(handoverNotice(arrival(events), PEOPLE))).toBe(expected);
  });
});

describe('an assignment notifies', () => {
  const rows: Row[] = [
    ['the assignee', [received(1), assigned(2, to('Ben'), by('Ana'))], 'assigned assigned_to_you: Ben'],
    ['nobody if agents take the chat themselves', [received(1), assigned(2, to('Ben'), by('Ben'))], null],
    ['nobody twice', [received(1), assigned(2, to('Ben'), by('Ana')), received(3)], null],
    ['no removed agent', [received(1), assigned(2, to('Eve'), by('Ana'))], 'assigned assigned_to_you:'],
    [
      'the assignee even if a late reopening is what makes it count, and the assignee did that',
      [received(1), act('closed', 2), assigned(5, to('Ben'), by('Ana')), act('reopened', 3, by('Ben'))],
      'assigned assigned_to_you: Ben',
    ],
  ];
  test.each(rows)('%s', (_, events, expected) => {
    expect(inShort(assignedNotice(arrival(events), PEOPLE))).toBe(expected);
  });
});

describe('a chat that waits notifies, when it becomes the work of further agents,', () => {
  const released = [received(1), assigned(2, to('Ben'), by('Ben'))];
  const rows: Row[] = [
    [
      'the team, but not the agent who gave it back',
      [...released, assigned(3, null, by('Ben'))],
      'inbound team_unassigned: Ana, only without an open one',
    ],
    [
      'the agent who lost it, if another agent gave it back',
      [...released, assigned(3, null, by('Ana'))],
      'inbound team_unassigned: Ben, only without an open one',
    ],
    [
      'the team silently when it is reopened',
      [received(1), act('closed', 2, by('Ana')), act('reopened', 3, by('Ana'))],
      'inbound team_unassigned: Ben, only without an open one, silent',
    ],
    [
      'also the agent who gave it back, if the customer has written since',
      [...released, received(5), assigned(3, null, by('Ben'))],
      'inbound team_unassigned: Ana Ben, only without an open one',
    ],
    ['nobody once it was replied to', [received(1), sent(2, by('Ana'))], null],
  ];
  test.each(rows)('%s', (_, events, expected) => {
    expect(inShort(waitingNotice(arrival(events), PEOPLE))).toBe(expected);
  });
});

describe('agents who join a team', () => {
  const joiners = [...PEOPLE.agents.values()];
  const rows: Row[] = [
    ['get a chat that waits', [received(1)], 'inbound team_unassigned: Ana Ben, only without an open one, silent'],
    [
      'get a handover as such',
      [received(1), handedOver(2)],
      'handover assistant_gave_up: Ana Ben, only without an open one, silent',
    ],
    [
      'get a chat of the assistant unless they muted it',
      [assigned(1, assistant), received(2)],
      'inbound assistant_answering: Ana, only without an open one, silent',
    ],
    ['get no chat that was replied to', [received(1), sent(2, by('Ana'))], null],
    ['get no closed chat', [received(1), act('closed', 2)], null],
  ];
  test.each(rows)('%s', (_, events, expected) => {
    expect(inShort(noticeForNewcomers(replay(events, 'support'), joiners, false))).toBe(expected);
  });
});

describe('all notices of an event', () => {
  test('are none if the event is imported', () => {
    expect(diffRecipients(arrival([received({ at: 1, imported: true })]), PEOPLE)).toEqual([]);
  });

  test('are none if the chat is closed', () => {
    expect(diffRecipients(arrival([received(1), act('closed', 2)]), PEOPLE)).toEqual([]);
  });

  test('are in the order message, handover, assignment, waiting', () => {
    const notices = diffRecipients(arrival([received(1)]), PEOPLE).map(inShort);
    expect(notices).toEqual([
      'inbound team_unassigned: Ana Ben, one more message',
      'inbound team_unassigned: Ana Ben, only without an open one',
    ]);
  });
});
