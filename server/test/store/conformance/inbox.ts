import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Act } from '../../../src/ports.ts';
import { eachTest, type Make } from './make.ts';
import { type Office, present, reply } from './office.ts';

let acts = 0;
const entry = (happens: Partial<Entry>): Entry => {
  acts += 1;
  return { id: `act-${acts}`, at: 0, imported: false, by: null, ...happens } as Entry;
};
const take = (id: string, conversationId = 'c1'): Act => ({
  conversationId,
  onlyIfFree: true,
  entry: entry({
    type: 'assigned',
    assignee: { kind: 'agent', agentId: id },
    by: { kind: 'agent', agentId: id },
  }),
});

export function inboxConformance(make: Make): void {
  describe('the inbox', () => {
    const test = eachTest(make);

    const view = async (office: Office, id: string, which: 'mine' | 'team' | 'assistant' | 'closed') => {
      const { items } = await office.store.conversations(await office.as(id), which, 10);
      return items.map((item) => item.id);
    };
    const detail = async (office: Office, id = 'ana', conversationId = 'c1') =>
      present(await office.store.conversation(await office.as(id), conversationId));

    it("shows mine, the team's by who waits longest, the assistant's and what is closed", async () => {
      const { office } = test;
      for (const id of ['mine', 'first', 'second', 'answered', 'ai', 'closed', 'bens']) {
        await office.message('Hi', { conversation: id });
      }
      await office.message('Hi', { conversation: 'elsewhere', group: 'sales' });
      await office.assign('mine', 'ana', 'ana');
      await office.assign('bens', 'ben', 'ben');
      await office.assign('ai', 'assistant');
      await office.tell('conversation.closed', { conversation: { id: 'closed' } });
      await office.tell('message.sent', reply('ben', 'm9', 'answered'));
      await office.message('And?', { conversation: 'first' });
      expect(await view(office, 'ana', 'mine')).toEqual(['mine']);
      expect(await view(office, 'ana', 'team')).toEqual(['first', 'second', 'answered']);
      expect(await view(office, 'ana', 'assistant')).toEqual(['ai']);
      expect(await view(office, 'ana', 'closed')).toEqual(['closed']);
      const { counts, items } = await office.store.conversations(await office.as('ana'), 'team', 1);
      expect(counts).toEqual({ mine: 1, team: 3, assistant: 1, closed: 1 });
      expect(items).toMatchObject([{ id: 'first', status: 'open', assignee: null, customer: { name: 'Joe' } }]);
    });

    it('shows a chat of another group to its assignee, and nobody else outside', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'fay', 'ana');
      expect(await view(office, 'fay', 'mine')).toEqual(['c1']);
      expect(await office.store.canSee(await office.as('fay'), 'c1')).toBe(true);
      expect(await office.store.canSee(await office.as('zoe'), 'c1')).toBe(false);
      expect(await office.store.canSee(await office.as('ana'), 'nothing')).toBe(false);
    });

    it('shows a thread oldest first, with names, attachments and who may be given the chat', async () => {
      const { office } = test;
      await office.tell('message.received', {
        conversation: { id: 'c1', groupId: 'support', channel: 'webchat' },
        from: { guestId: 'g1' },
        message: { id: 'm1', text: '', attachments: [{ type: 'image', name: 'cat.png' }, { type: 'audio' }] },
      });
      await office.tell('conversation.handed_over', { conversation: { id: 'c1' }, reason: 'asked for a person' });
      await office.assign('c1', 'ben', 'ana');
      await office.tell('message.sent', {
        ...reply('stranger', 'm2'),
        message: { id: 'm2', text: 'psst', private: true },
      });
      await office.tell('message.sent', { ...reply('ben', 'm3'), by: { automatic: true } });
      const { entries, team, assignee, handedOver, lastMessage } = await detail(office);
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

    it('lets one agent take a chat, and says who was faster', async () => {
      const { office } = test;
      await office.message();
      expect(await office.act('ana', take('ana'))).toMatchObject({ outcome: 'done' });
      expect(await office.bell('ben')).toMatchObject([{ state: 'settled', settledBy: { name: 'Ana' } }]);
      expect(await office.act('ana', take('ana'))).toEqual({ outcome: 'done', touched: { agents: [], groups: [] } });
      expect(await office.act('ben', take('ben'))).toEqual({
        outcome: 'not_free',
        assignee: { id: 'ana', name: 'Ana' },
      });
      await office.tell('conversation.closed', { conversation: { id: 'c1' } });
      expect(await office.act('ben', take('ben'))).toEqual({ outcome: 'not_free', assignee: null });
    });

    it('lets exactly one of two who take a chat at the same time have it', async () => {
      const { office } = test;
      await office.message();
      await Promise.all([office.as('ana'), office.as('ben')]);
      const outcomes = await Promise.all([office.act('ana', take('ana')), office.act('ben', take('ben'))]);
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'not_free']);
    });

    it('lets an agent take a chat from the assistant', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'assistant');
      expect(await office.act('ana', take('ana'))).toMatchObject({ outcome: 'done' });
    });

    it('dates an act now, or after the newest entry if that is dated ahead', async () => {
      const { office } = test;
      const ahead = office.now() + 60_000;
      await office.message('From a fast clock', {}, { at: ahead });
      const sent: Act = {
        conversationId: 'c1',
        entry: entry({ type: 'sent', text: 'Hi', by: { kind: 'agent', agentId: 'ana' } }),
      };
      const done = await office.act('ana', sent);
      expect(done).toMatchObject({
        outcome: 'done',
        touched: { groups: await office.store.groupKeys(await office.as('ana')) },
      });
      expect(await office.act('ana', sent)).toEqual({ outcome: 'done', touched: { agents: [], groups: [] } });
      const { entries, waitingSince } = await detail(office);
      expect(entries.map(({ at }) => Date.parse(at))).toEqual([ahead, ahead + 1]);
      expect(waitingSince).toBeNull();
      expect(await office.open('ben')).toEqual([]);
    });

    it('knows no chat that the agent may not see, and gives none to an agent who is not active', async () => {
      const { office } = test;
      await office.message();
      expect(await office.act('fay', take('fay'))).toEqual({ outcome: 'not_found' });
      expect(await office.act('ana', take('ana', 'nothing'))).toEqual({ outcome: 'not_found' });
      const give: Act = {
        conversationId: 'c1',
        entry: entry({ type: 'assigned', assignee: { kind: 'agent', agentId: 'gone' } }),
      };
      expect(await office.act('ana', give)).toEqual({ outcome: 'unknown_agent' });
    });
  });
}
