import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { assigned, DAY, HOUR, received, reply, SECOND } from './office.ts';

export function ingestConformance(make: Make): void {
  describe('events in', () => {
    const test = eachTest(make);

    it('a message in a chat that nobody has notifies the whole team, and the result names the affected agents', async () => {
      const { office } = test;
      const affected = await office.message('My parcel is lost');
      const [ana, ben] = [await office.as('ana'), await office.as('ben')];
      expect(affected.agents.toSorted()).toEqual([ana.agentKey, ben.agentKey].toSorted());
      expect(affected.groups).toEqual(await office.store.groupKeys(ana));
      expect(await office.bell('ana')).toMatchObject([
        {
          reason: 'inbound',
          why: 'team_unassigned',
          state: 'open',
          settledBy: null,
          alert: true,
          messageCount: 1,
          conversation: {
            ...{ id: 'c1', channel: 'whatsapp', group: { id: 'support', name: 'Support' } },
            ...{ source: null, ref: null },
          },
          customer: { kind: 'contact', name: 'Joe', address: '+447700900001' },
          message: { text: 'My parcel is lost', sentAt: new Date(office.now()).toISOString() },
          waitingSince: new Date(office.now()).toISOString(),
          createdAt: new Date(office.now()).toISOString(),
        },
      ]);
      expect(await office.open('ben')).toEqual(['c1 inbound 1']);
      expect(await office.open('fay')).toEqual([]);
      expect(await office.open('zoe')).toEqual([]);
    });

    it('raises an open notification instead of making a second one, and shows the latest message', async () => {
      const { office } = test;
      await office.message('one');
      const [before] = await office.bell('ana');
      await office.message('two');
      const after = await office.bell('ana');
      expect(after).toMatchObject([{ id: before?.id, messageCount: 2, message: { text: 'two' }, alert: true }]);
      expect(after[0]?.seq).toBeGreaterThan(before!.seq);
      expect(after[0]?.createdAt).toBe(before?.createdAt);
    });

    it('applies a webhook id once, for as long as the store lives', async () => {
      const { office, made } = test;
      await office.message('one', { id: 'm1' }, { id: 'twice' });
      const repeated = received('one', { id: 'm1' });
      expect(await office.event('message.received', repeated, { id: 'twice' })).toEqual({ outcome: 'duplicate' });
      office.store = await made.reopen();
      expect(await office.event('message.received', repeated, { id: 'twice' })).toEqual({ outcome: 'duplicate' });
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('tells nobody twice of one message id under two webhook ids', async () => {
      const { office } = test;
      await office.message('one', { id: 'm1' });
      expect(await office.message('one', { id: 'm1' })).toEqual({ agents: [], groups: [] });
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('refuses a message for an unknown or removed group, and leaves its id free', async () => {
      const { office } = test;
      const lost = received('Hello?', { group: 'parcels' });
      const refused = { outcome: 'refused', field: 'data.conversation.groupId' };
      expect(await office.event('message.received', lost, { id: 'retried' })).toMatchObject(refused);
      await office.group('parcels', ['ana']);
      expect(await office.event('message.received', lost, { id: 'retried' })).toMatchObject({ outcome: 'stored' });
      await office.tell('group.removed', { id: 'sales' });
      expect(await office.event('message.received', received('Hi', { group: 'sales' }))).toMatchObject(refused);
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('refuses an assignment to an unknown or removed agent, also in a chat not seen yet', async () => {
      const { office } = test;
      await office.tell('agent.removed', { id: 'ben' });
      for (const agentId of ['nobody', 'ben']) {
        const refused = await office.event('conversation.assigned', assigned('c1', agentId));
        expect(refused).toMatchObject({ outcome: 'refused', field: 'data.assignee.agentId' });
      }
    });

    it('keeps events about a chat not seen yet and applies them when it appears', async () => {
      const { office } = test;
      const sentAt = office.now();
      expect(await office.assign('c1', 'ben', 'ana', { at: sentAt + 2 })).toEqual({ agents: [], groups: [] });
      office.wait(DAY - HOUR);
      await office.message('Hello?', {}, { at: sentAt + 1 });
      expect(await office.open('ana')).toEqual([]);
      expect(await office.open('ben')).toEqual(['c1 assigned 1']);
    });

    it('keeps them once, also under two webhook ids', async () => {
      const { office } = test;
      for (let n = 0; n < 2; n += 1) await office.tell('message.sent', reply('ana', 'm2'));
      await office.message('Hello?', {}, { at: office.now() - 10 * SECOND });
      const detail = await office.store.conversation(await office.as('ana'), 'c1');
      expect(detail?.entries.map(({ type }) => type)).toEqual(['received', 'sent']);
      await office.tell('message.sent', reply('ana', 'm2'));
      expect((await office.store.conversation(await office.as('ana'), 'c1'))?.entries).toHaveLength(2);
    });

    it('forgets them after a day', async () => {
      const { office } = test;
      await office.assign('c1', 'ben', 'ana');
      office.wait(DAY);
      await office.message();
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('gives a kept chat to nobody if its agent was removed meanwhile', async () => {
      const { office } = test;
      await office.assign('c1', 'ben', 'ana');
      await office.tell('agent.removed', { id: 'ben' });
      await office.message('Hello?', {}, { at: office.now() - 10 * SECOND });
      const detail = await office.store.conversation(await office.as('ana'), 'c1');
      expect(detail?.assignee).toBeNull();
    });

    it('makes a chat that we began from any event that carries group and channel', async () => {
      const { office } = test;
      const customer = { address: '+447700900002', name: 'Kim' };
      const conversation = { id: 'c2', groupId: 'support', channel: 'whatsapp', customer };
      await office.tell('message.sent', { ...reply('ana', 'm1'), conversation });
      const detail = await office.store.conversation(await office.as('ana'), 'c2');
      expect(detail).toMatchObject({ customer: { kind: 'guest', name: 'Kim' }, waitingSince: null });
      expect(await office.open('ben')).toEqual([]);
    });

    it('takes history silently', async () => {
      const { office } = test;
      const affected = await office.message('Long ago', {}, { at: office.now() - 25 * HOUR });
      expect(affected.agents).toEqual([]);
      const detail = await office.store.conversation(await office.as('ana'), 'c1');
      expect(detail).toMatchObject({ waitingSince: null, lastMessage: { text: 'Long ago' } });
    });

    it('moves a chat to another group and settles the old team', async () => {
      const { office } = test;
      await office.message();
      const affected = await office.tell('conversation.handed_over', { conversation: { id: 'c1', groupId: 'sales' } });
      expect(affected.groups).toHaveLength(2);
      expect(await office.open('ana')).toEqual([]);
      expect(await office.open('fay')).toEqual(['c1 handover 0']);
    });
  });
}
