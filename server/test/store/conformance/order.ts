import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import {
  assigned,
  MONDAY,
  openStoreFixture,
  present,
  received,
  reply,
  SECOND,
  type StoreFixture,
} from './store-fixture.ts';

type Step = (fixture: StoreFixture, arrives: number) => Promise<unknown>;

const step = (
  at: number,
  happen: (fixture: StoreFixture, when: { at: number; arrives: number }) => Promise<unknown>,
): Step => {
  return (fixture, arrives) => happen(fixture, { at: MONDAY + at * SECOND, arrives });
};

/** Stories of one chat; each is told in every order, and must end as it does when told in its own. */
const STORIES: Record<string, Step[]> = {
  'a colleague gives a chat away': [
    step(61, (fixture, when) => fixture.tell('message.received', received('one', { id: 'm1' }), when)),
    step(62, (fixture, when) => fixture.tell('message.received', received('two', { id: 'm2' }), when)),
    step(63, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', 'ana', 'ana'), when)),
    step(64, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', 'ben', 'ana'), when)),
    step(65, (fixture, when) => fixture.tell('message.received', received('three', { id: 'm3' }), when)),
  ],
  'the assistant gives up and a person answers': [
    step(61, (fixture, when) => fixture.tell('message.received', received('one', { id: 'm1' }), when)),
    step(62, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', 'assistant'), when)),
    step(63, (fixture, when) => fixture.tell('conversation.handed_over', { conversation: { id: 'c1' } }, when)),
    step(64, (fixture, when) => fixture.tell('message.sent', reply('ben', 'm2'), when)),
    step(65, (fixture, when) => fixture.tell('message.received', received('two', { id: 'm3' }), when)),
  ],
  'a closed chat is written to again': [
    step(61, (fixture, when) => fixture.tell('message.received', received('one', { id: 'm1' }), when)),
    step(62, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', 'ben', 'ben'), when)),
    step(63, (fixture, when) => fixture.tell('message.sent', reply('ben', 'm2'), when)),
    step(64, (fixture, when) => fixture.tell('conversation.closed', { conversation: { id: 'c1' } }, when)),
    step(65, (fixture, when) => fixture.tell('message.received', received('two', { id: 'm3' }), when)),
    step(66, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', null, 'zoe'), when)),
  ],
  'a chat moves to another group': [
    step(61, (fixture, when) => fixture.tell('message.received', received('one', { id: 'm1' }), when)),
    step(62, (fixture, when) => fixture.tell('message.sent', reply('ana', 'm2'), when)),
    step(63, (fixture, when) => fixture.tell('message.received', received('two', { id: 'm3', group: 'sales' }), when)),
    step(64, (fixture, when) => fixture.tell('conversation.assigned', assigned('c1', 'fay', 'zoe'), when)),
  ],
};

async function ending(fixture: StoreFixture) {
  const viewer = ['ana', 'ben', 'fay'];
  const details = await Promise.all(viewer.map(async (id) => fixture.store.conversation(await fixture.as(id), 'c1')));
  const detail = details.find((found) => found !== null);
  return {
    status: detail?.status,
    assignee: detail?.assignee,
    waitingSince: detail?.waitingSince,
    group: detail?.group.id,
    entries: detail?.entries.map(({ at, type, text }) => `${at} ${type} ${text}`),
    open: await Promise.all(viewer.map(async (id) => [id, (await fixture.open(id)).map(chatOf)])),
  };
}

/** Which chat it is. What is said of it may depend on what was known when. */
const chatOf = (open: string): string | undefined => open.split(' ')[0];

async function told(store: Store, businessId: string, steps: readonly Step[]) {
  const fixture = await openStoreFixture(store, businessId);
  let arrives = MONDAY + 120 * SECOND;
  for (const happens of steps) {
    arrives += SECOND;
    await happens(fixture, arrives);
  }
  return ending(fixture);
}

export function orderConformance(make: Make): void {
  describe('events in any order', () => {
    const test = eachTest(make);
    let businesses = 0;
    const nextBusiness = () => {
      businesses += 1;
      return `order-${businesses}`;
    };

    for (const [story, steps] of Object.entries(STORIES)) {
      it(`end as they do in their own: ${story}`, async () => {
        const { store } = test.fixture;
        const expected = await told(store, nextBusiness(), steps);
        const anyOrder = fc.shuffledSubarray(steps, { minLength: steps.length });
        await fc.assert(
          fc.asyncProperty(anyOrder, async (shuffled) => {
            expect(await told(store, nextBusiness(), shuffled)).toEqual(expected);
          }),
          { numRuns: 25 },
        );
      });
    }

    it('take equal timestamps in the order in which a chat runs', async () => {
      const { fixture } = test;
      const at = fixture.now();
      await fixture.message('Hello?', {}, { at: at - SECOND });
      await fixture.tell('message.sent', reply('ana', 'm2'), { at });
      await fixture.message('A question', { id: 'm3' }, { at });
      const detail = await fixture.store.conversation(await fixture.as('ana'), 'c1');
      expect(detail?.waitingSince).toBeNull();
      expect(detail?.entries.map(({ type }) => type)).toEqual(['received', 'received', 'sent']);
    });

    it.each(['message first', 'reply first'])(
      'take a reply without fractions for one to the message of its second: %s',
      async (first) => {
        const { fixture } = test;
        const at = fixture.now() + SECOND;
        await fixture.message('Before', { id: 'm0' }, { at: at - 2 * SECOND });
        const message = () => fixture.message('A question', { id: 'm1' }, { at: at + 400, arrives: at + 2 * SECOND });
        const answer = () =>
          fixture.tell('message.sent', reply('ana', 'm2'), { at, whole: true, arrives: at + 2 * SECOND });
        for (const happen of first === 'message first' ? [message, answer] : [answer, message]) await happen();
        const detail = present(await fixture.store.conversation(await fixture.as('ana'), 'c1'));
        expect(detail.waitingSince).toBeNull();
        expect(detail.entries.map(({ type }) => type)).toEqual(['received', 'received', 'sent']);
        expect(await fixture.open('ben')).toEqual([]);
      },
    );

    it('take a reply for one to the message it names, before that has arrived too', async () => {
      const { fixture } = test;
      const at = fixture.now() + SECOND;
      await fixture.message('Before', { id: 'm0' }, { at: at - 2 * SECOND });
      const answer = reply('ana', 'm2');
      const naming = { ...answer, message: { ...answer.message, inReplyTo: 'm1' } };
      await fixture.tell('message.sent', naming, { at });
      await fixture.message('A question', { id: 'm1' }, { at: at + 30 * SECOND });
      const detail = present(await fixture.store.conversation(await fixture.as('ana'), 'c1'));
      expect(detail.waitingSince).toBeNull();
      expect(detail.entries.map(({ type }) => type)).toEqual(['received', 'received', 'sent']);
    });

    it.each(['saved first', 'removed first'])(
      'take a removal without fractions for later than what was saved in its second: %s',
      async (first) => {
        const { fixture } = test;
        const at = fixture.now() + SECOND;
        const agent = { id: 'kim', name: 'Kim', email: 'kim@example.com', role: 'agent' as const };
        const saved = () => fixture.tell('agent.saved', { agent }, { at: at + 400 });
        const removed = () => fixture.tell('agent.removed', { id: 'kim' }, { at, whole: true });
        for (const happen of first === 'saved first' ? [saved, removed] : [removed, saved]) await happen();
        const kim = (await fixture.store.agents(fixture.businessId)).find(({ id }) => id === 'kim');
        expect(kim?.active ?? false).toBe(false);
      },
    );
  });
}
