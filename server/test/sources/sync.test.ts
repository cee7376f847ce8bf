import { describe, expect, test } from 'vitest';
import type { ForeignAgent, People } from '../../src/sources/source.ts';
import { type Known, planSync } from '../../src/sources/sync.ts';

const mia: ForeignAgent = { id: '31', name: 'Mia', email: 'Mia@acme.example', role: 'admin' };
const tom: ForeignAgent = { id: '32', name: 'Tom', email: 'tom@acme.example', role: 'agent' };
const people = (changes: Partial<People> = {}): People => ({
  agents: [mia, tom],
  groups: [],
  unusable: [],
  ...changes,
});
const known = (changes: Partial<Known> = {}): Known => ({
  sourceId: 'cw',
  mapped: new Map(),
  agents: [],
  alsoElsewhere: new Set(),
  groups: [],
  ...changes,
});
/** As they are after a sync in which both were new. */
const synced = known({
  mapped: new Map([
    ['31', 'cw:31'],
    ['32', 'cw:32'],
  ]),
  agents: [
    { ...mia, id: 'cw:31' },
    { ...tom, id: 'cw:32' },
  ],
});

const planned = (from: People, to: Known, mayRemoveMost = false) => {
  const plan = planSync(from, to, mayRemoveMost);
  if (plan.outcome === 'refused') throw new Error(plan.because);
  return { events: plan.events, mapped: Object.fromEntries(plan.mapped) };
};

describe('agents of a source', () => {
  test('are made, with the source’s ids', () => {
    expect(planned(people(), known())).toEqual({
      events: [
        { type: 'agent.saved', data: { agent: { ...mia, id: 'cw:31' } } },
        { type: 'agent.saved', data: { agent: { ...tom, id: 'cw:32' } } },
      ],
      mapped: { '31': 'cw:31', '32': 'cw:32' },
    });
  });

  test('who are here already by their email are those, and keep their name and role', () => {
    const here = known({ agents: [{ id: 'mia', name: 'Mia Lang', email: 'mia@ACME.example', role: 'agent' }] });
    expect(planned(people({ agents: [mia] }), here)).toEqual({ events: [], mapped: { '31': 'mia' } });
  });

  test('are left alone while nothing changes', () => {
    expect(planned(people(), synced).events).toEqual([]);
  });

  test('are saved again with another name, role or email', () => {
    const changed = people({
      agents: [
        { ...mia, name: 'Mia L.', role: 'agent' },
        { ...tom, email: 'thomas@acme.example' },
      ],
    });
    expect(planned(changed, synced).events).toEqual([
      { type: 'agent.saved', data: { agent: { ...mia, id: 'cw:31', name: 'Mia L.', role: 'agent' } } },
      { type: 'agent.saved', data: { agent: { ...tom, id: 'cw:32', email: 'thomas@acme.example' } } },
    ]);
  });

  test('that share one email are one person', () => {
    const twice = people({ agents: [mia, { ...tom, email: mia.email }] });
    expect(planned(twice, known()).mapped).toEqual({ '31': 'cw:31', '32': 'cw:31' });
  });

  test('who are gone are removed', () => {
    const { events, mapped } = planned(people({ agents: [mia] }), synced);
    expect([events, mapped]).toEqual([[{ type: 'agent.removed', data: { id: 'cw:32' } }], { '31': 'cw:31' }]);
  });

  test('who are gone stay if another source has them, or if they were here before', () => {
    const elsewhere = { ...synced, alsoElsewhere: new Set(['cw:32']) };
    const before = {
      ...synced,
      mapped: new Map([
        ['31', 'cw:31'],
        ['32', 'tom'],
      ]),
      agents: [synced.agents[0]!, { ...tom, id: 'tom' }],
    };
    expect([elsewhere, before].map((to) => planned(people({ agents: [mia] }), to).events)).toEqual([[], []]);
  });

  test('who have no email are not gone', () => {
    expect(planned(people({ agents: [mia], unusable: ['32'] }), synced)).toEqual({
      events: [],
      mapped: { '31': 'cw:31', '32': 'cw:32' },
    });
  });

  test('stay in an empty list, even if the operator insists', () => {
    expect(planSync(people({ agents: [] }), synced, true)).toEqual({
      outcome: 'refused',
      because: 'empty',
      gone: 2,
      of: 2,
    });
  });

  test('are removed only if the operator insists where more than half are gone', () => {
    const third = { id: '33', name: 'Eva', email: 'eva@acme.example', role: 'agent' } as const;
    const three = {
      ...synced,
      mapped: new Map([...synced.mapped, ['33', 'cw:33']]),
      agents: [...synced.agents, { ...third, id: 'cw:33' }],
    };
    const one = people({ agents: [mia] });
    expect(planSync(one, three)).toEqual({ outcome: 'refused', because: 'most_gone', gone: 2, of: 3 });
    expect(planned(one, three, true).events.map(({ type }) => type)).toEqual(['agent.removed', 'agent.removed']);
  });
});

describe('groups of a source', () => {
  const shop = { id: 'cw:inbox:9', name: 'Shop', memberIds: ['32', '31', '99'] };

  test('are saved with the members who are known, after their agents', () => {
    const { events } = planned(people({ groups: [shop] }), known());
    expect(events.at(-1)).toEqual({
      type: 'group.saved',
      data: { group: { id: 'cw:inbox:9', name: 'Shop', agentIds: ['cw:31', 'cw:32'] } },
    });
  });

  test.each([
    ['nothing changes', { name: 'Shop', agentIds: ['cw:32', 'cw:31'] }, 0],
    ['somebody joins', { name: 'Shop', agentIds: ['cw:32'] }, 1],
    ['it is renamed', { name: 'Store', agentIds: ['cw:31', 'cw:32'] }, 1],
  ])('are saved again only where something changes: %s', (_, before, saved) => {
    const to = { ...synced, groups: [{ id: 'cw:inbox:9', ...before }] };
    expect(planned(people({ groups: [shop] }), to).events).toHaveLength(saved);
  });

  test('that are gone are removed, unless most of them are', () => {
    const groups = ['cw:inbox:9', 'cw:inbox:10', 'cw:inbox:11'].map((id) => ({
      id,
      name: 'Shop',
      agentIds: ['cw:31', 'cw:32'],
    }));
    const kept = [shop, { ...shop, id: 'cw:inbox:10' }];
    const to = { ...synced, groups };
    expect(planned(people({ groups: kept }), to).events).toEqual([
      { type: 'group.removed', data: { id: 'cw:inbox:11' } },
    ]);
    expect(planSync(people({ groups: [shop] }), to)).toMatchObject({ outcome: 'refused', because: 'most_gone' });
  });
});
