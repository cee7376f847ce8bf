import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { present, reply, type StoreFixture } from './store-fixture.ts';

export function inboxConformance(make: Make): void {
  describe('the inbox', () => {
    const test = eachTest(make);

    const view = async (fixture: StoreFixture, id: string, which: 'mine' | 'team' | 'assistant' | 'closed') => {
      const { items } = await fixture.store.conversations(await fixture.as(id), which, 10);
      return items.map((item) => item.id);
    };
    const detail = async (fixture: StoreFixture, id = 'ana', conversationId = 'c1') =>
      present(await fixture.store.conversation(await fixture.as(id), conversationId));

    it("shows mine, the team's by who waits longest, the assistant's and what is closed", async () => {
      const { fixture } = test;
      for (const id of ['mine', 'first', 'second', 'answered', 'ai', 'closed', 'bens']) {
        await fixture.message('Hi', { conversation: id });
      }
      await fixture.message('Hi', { conversation: 'elsewhere', group: 'sales' });
      await fixture.assign('mine', 'ana', 'ana');
      await fixture.assign('bens', 'ben', 'ben');
      await fixture.assign('ai', 'assistant');
      await fixture.tell('conversation.closed', { conversation: { id: 'closed' } });
      await fixture.tell('message.sent', reply('ben', 'm9', 'answered'));
      await fixture.message('And?', { conversation: 'first' });
      expect(await view(fixture, 'ana', 'mine')).toEqual(['mine']);
      expect(await view(fixture, 'ana', 'team')).toEqual(['first', 'second', 'answered']);
      expect(await view(fixture, 'ana', 'assistant')).toEqual(['ai']);
      expect(await view(fixture, 'ana', 'closed')).toEqual(['closed']);
      const { counts, items } = await fixture.store.conversations(await fixture.as('ana'), 'team', 1);
      expect(counts).toEqual({ mine: 1, team: 3, assistant: 1, closed: 1 });
      expect(items).toMatchObject([{ id: 'first', status: 'open', assignee: null, customer: { name: 'Joe' } }]);
    });

    it('shows chats that the assistant gave up before all others of the team', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'first' });
      await fixture.message('Hi', { conversation: 'given-up' });
      await fixture.assign('given-up', 'assistant');
      await fixture.tell('conversation.handed_over', { conversation: { id: 'given-up' } });
      expect(await view(fixture, 'ana', 'team')).toEqual(['given-up', 'first']);
      const { items } = await fixture.store.conversations(await fixture.as('ana'), 'team', 10);
      expect(items.map(({ handedOver }) => handedOver)).toEqual([true, false]);
    });

    it('is empty for who is in no group', async () => {
      const { fixture } = test;
      await fixture.message();
      const { items, counts } = await fixture.store.conversations(await fixture.as('zoe'), 'team', 10);
      expect({ items, counts }).toEqual({ items: [], counts: { mine: 0, team: 0, assistant: 0, closed: 0 } });
    });

    it('gives the transcript of a chat whoever may see it, of the business alone', async () => {
      const { fixture } = test;
      await fixture.message();
      expect(await fixture.store.transcript('acme', 'c1')).toEqual(await detail(fixture));
      expect(await fixture.store.transcript('acme', 'c2')).toBeNull();
      expect(await fixture.store.transcript('other', 'c1')).toBeNull();
    });

    it('shows a chat of another group to its assignee, and nobody else outside', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'fay', 'ana');
      expect(await view(fixture, 'fay', 'mine')).toEqual(['c1']);
      expect(await fixture.store.canSee(await fixture.as('fay'), 'c1')).toBe(true);
      expect(await fixture.store.canSee(await fixture.as('zoe'), 'c1')).toBe(false);
      expect(await fixture.store.canSee(await fixture.as('ana'), 'nothing')).toBe(false);
    });

    it('shows a thread oldest first, with names, attachments and who may be given the chat', async () => {
      const { fixture } = test;
      await fixture.tell('message.received', {
        conversation: { id: 'c1', groupId: 'support', channel: 'webchat' },
        from: { guestId: 'g1' },
        message: { id: 'm1', text: '', attachments: [{ type: 'image', name: 'cat.png' }, { type: 'audio' }] },
      });
      await fixture.tell('conversation.handed_over', { conversation: { id: 'c1' }, reason: 'asked for a person' });
      await fixture.assign('c1', 'ben', 'ana');
      await fixture.tell('message.sent', {
        ...reply('stranger', 'm2'),
        message: { id: 'm2', text: 'psst', private: true },
      });
      await fixture.tell('message.sent', { ...reply('ben', 'm3'), by: { automatic: true } });
      const { entries, team, assignee, handedOver, lastMessage } = await detail(fixture);
      expect(entries).toMatchObject([
        {
          type: 'received',
          by: { kind: 'customer' },
          attachments: [{ type: 'image', name: 'cat.png' }, { type: 'audio' }],
        },
        { type: 'handed_over', by: { kind: 'assistant' }, text: 'asked for a person' },
        { type: 'assigned', by: { kind: 'agent', name: 'Ana' }, assignee: { kind: 'agent', id: 'ben', name: 'Ben' } },
        { type: 'note', by: { kind: 'agent', name: null }, text: 'psst' },
        { type: 'sent', by: { kind: 'automatic', name: null }, text: 'Hi!' },
      ]);
      expect(team).toEqual([
        { id: 'ana', name: 'Ana' },
        { id: 'ben', name: 'Ben' },
      ]);
      expect(assignee).toEqual({ kind: 'agent', id: 'ben', name: 'Ben' });
      expect(handedOver).toBe(false);
      expect(lastMessage).toMatchObject({ text: 'Hi!', from: 'automatic' });
    });

    it('show a person who is no agent here as an agent without a name', async () => {
      const { fixture } = test;
      await fixture.message('Hello?');
      const message = { id: 'm9', text: 'Answered from the phone' };
      await fixture.tell('message.sent', { conversation: { id: 'c1' }, by: { person: true }, message });
      expect(await fixture.open('ana')).toEqual([]);
      expect((await fixture.bell('ana'))[0]).toMatchObject({ state: 'settled', settledBy: null });
      const shown = await detail(fixture);
      expect(shown.entries.at(-1)).toMatchObject({ type: 'sent', by: { kind: 'agent', name: null } });
      expect(shown.lastMessage).toMatchObject({ from: 'agent', text: message.text });
    });
  });
}
