import { describe, expect, test } from 'vitest';
import { replay } from '../../src/domain/conversation.ts';
import { joinsCompany, losesAssignee, teamChange, unassignment } from '../../src/domain/membership.ts';
import { assigned, assistant, received, to } from './chat.ts';

const team = (...ids: string[]) => ids.map((id) => ({ id, active: id !== 'removed' }));
const idsOf = (agents: { id: string }[]): string => agents.map(({ id }) => id).join(' ');

test.each<[title: string, before: string[], after: string[], left: string, joined: string]>([
  ['an unchanged team', ['ana', 'ben'], ['ben', 'ana'], '', ''],
  ['a new member', ['ana'], ['ana', 'ben'], '', 'ben'],
  ['a member who leaves', ['ana', 'ben'], ['ana'], 'ben', ''],
  ['one for another', ['ana'], ['ben'], 'ana', 'ben'],
  ['a removed agent who is added', ['ana'], ['ana', 'removed'], '', ''],
  ['a removed agent who is dropped', ['ana', 'removed'], ['ana'], '', ''],
])('%s: who left and who joined', (_, before, after, left, joined) => {
  const change = teamChange(team(...before), team(...after));
  expect([idsOf(change.left), idsOf(change.joined)]).toEqual([left, joined]);
});

test.each<[title: string, stored: { removed: boolean } | null, expected: boolean]>([
  ['a new agent joins the company', null, true],
  ['a removed agent who is saved again joins the company', { removed: true }, true],
  ['an agent whose name changes does not join', { removed: false }, false],
])('%s', (_, stored, expected) => {
  expect(joinsCompany(stored)).toBe(expected);
});

describe('when Ana leaves', () => {
  test.each([
    ['her chat loses its assignee', to('Ana'), true],
    ['a chat of Ben keeps its assignee', to('Ben'), false],
    ['a chat of the assistant stays the assistant’s', assistant, false],
    ['a chat of nobody stays unassigned', null, false],
  ])('%s', (_, assignee, expected) => {
    expect(losesAssignee(replay([assigned(1, assignee)], 'support'), new Set(['Ana']))).toBe(expected);
  });
});

describe('the event that unassigns a chat', () => {
  const stamp = { at: 5000, removed: true, eventId: 'evt' };
  test.each([
    ['has the time at which the agent left', 1000, 5000],
    ['comes after an event that is dated later', 7000, 7001],
  ])('%s', (_, lastAt, at) => {
    const event = unassignment(replay([received(lastAt)], 'support'), stamp, 6000);
    expect(event).toMatchObject({ id: 'e:evt', type: 'assigned', assignee: null, by: null, at, imported: false });
  });

  test('is imported if the agent left more than a day before the event arrived', () => {
    const { imported } = unassignment(replay([], 'support'), stamp, stamp.at + 24 * 60 * 60 * 1000 + 1);
    expect(imported).toBe(true);
  });
});
