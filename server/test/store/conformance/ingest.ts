import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { assigned, DAY, HOUR, received, reply, SECOND } from './store-fixture.ts';

export function ingestConformance(make: Make): void {
  describe('events in', () => {
    const test = eachTest(make);

    it('a message in a chat that nobody has notifies the whole team, and the result names the affected agents', async () => {
      const { fixture } = test;
      const affected = await fixture.message('My parcel is lost');
      const [ana, ben] = [await fixture.as('ana'), await fixture.as('ben')];
      expect(affected.agents.toSorted()).toEqual([ana.agentKey, ben.agentKey].toSorted());
      expect(affected.groups).toEqual(await fixture.store.groupKeys(ana));
      expect(await fixture.bell('ana')).toMatchObject([
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
          message: { text: 'My parcel is lost', sentAt: new Date(fixture.now()).toISOString() },
          waitingSince: new Date(fixture.now()).toISOString(),
          createdAt: new Date(fixture.now()).toISOString(),
        },
      ]);
      expect(await fixture.open('ben')).toEqual(['c1 inbound 1']);
      expect(await fixture.open('fay')).toEqual([]);
      expect(await fixture.open('zoe')).toEqual([]);
    });

    it('raises an open notification instead of making a second one, and shows the latest message', async () => {
      const { fixture } = test;
      await fixture.message('one');
      const [before] = await fixture.bell('ana');
      await fixture.message('two');
      const after = await fixture.bell('ana');
      expect(after).toMatchObject([{ id: before?.id, messageCount: 2, message: { text: 'two' }, alert: true }]);
      expect(after[0]?.seq).toBeGreaterThan(before!.seq);
      expect(after[0]?.createdAt).toBe(before?.createdAt);
    });

    it('applies a webhook id once, for as long as the store lives', async () => {
      const { fixture, made } = test;
      await fixture.message('one', { id: 'm1' }, { id: 'twice' });
      const repeated = received('one', { id: 'm1' });
      expect(await fixture.event('message.received', repeated, { id: 'twice' })).toEqual({ outcome: 'duplicate' });
      fixture.store = await made.reopen();
      expect(await fixture.event('message.received', repeated, { id: 'twice' })).toEqual({ outcome: 'duplicate' });
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('tells nobody twice of one message id under two webhook ids', async () => {
      const { fixture } = test;
      await fixture.message('one', { id: 'm1' });
      expect(await fixture.message('one', { id: 'm1' })).toEqual({ agents: [], groups: [] });
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('refuses a message for an unknown or removed group, and leaves its id free', async () => {
      const { fixture } = test;
      const lost = received('Hello?', { group: 'parcels' });
      const refused = { outcome: 'refused', field: 'data.conversation.groupId' };
      expect(await fixture.event('message.received', lost, { id: 'retried' })).toMatchObject(refused);
      await fixture.group('parcels', ['ana']);
      expect(await fixture.event('message.received', lost, { id: 'retried' })).toMatchObject({ outcome: 'stored' });
      await fixture.tell('group.removed', { id: 'sales' });
      expect(await fixture.event('message.received', received('Hi', { group: 'sales' }))).toMatchObject(refused);
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('refuses an assignment to an unknown or removed agent, also in a chat not seen yet', async () => {
      const { fixture } = test;
      await fixture.tell('agent.removed', { id: 'ben' });
      for (const agentId of ['nobody', 'ben']) {
        const refused = await fixture.event('conversation.assigned', assigned('c1', agentId));
        expect(refused).toMatchObject({ outcome: 'refused', field: 'data.assignee.agentId' });
      }
    });

    it('keeps events about a chat not seen yet and applies them when it appears', async () => {
      const { fixture } = test;
      const sentAt = fixture.now();
      expect(await fixture.assign('c1', 'ben', 'ana', { at: sentAt + 2 })).toEqual({ agents: [], groups: [] });
      fixture.wait(DAY - HOUR);
      await fixture.message('Hello?', {}, { at: sentAt + 1 });
      expect(await fixture.open('ana')).toEqual([]);
      expect(await fixture.open('ben')).toEqual(['c1 assigned 1']);
    });

    it('keeps them once, also under two webhook ids', async () => {
      const { fixture } = test;
      for (let n = 0; n < 2; n += 1) await fixture.tell('message.sent', reply('ana', 'm2'));
      await fixture.message('Hello?', {}, { at: fixture.now() - 10 * SECOND });
      const detail = await fixture.store.conversation(await fixture.as('ana'), 'c1');
      expect(detail?.entries.map(({ type }) => type)).toEqual(['received', 'sent']);
      await fixture.tell('message.sent', reply('ana', 'm2'));
      expect((await fixture.store.conversation(await fixture.as('ana'), 'c1'))?.entries).toHaveLength(2);
    });

    it('forgets them after a day', async () => {
      const { fixture } = test;
      await fixture.assign('c1', 'ben', 'ana');
      fixture.wait(DAY);
      await fixture.message();
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
    });

    it('gives a kept chat to nobody if its agent was removed meanwhile', async () => {
      const { fixture } = test;
      await fixture.assign('c1', 'ben', 'ana');
      await fixture.tell('agent.removed', { id: 'ben' });
      await fixture.message('Hello?', {}, { at: fixture.now() - 10 * SECOND });
      const detail = await fixture.store.conversation(await fixture.as('ana'), 'c1');
      expect(detail?.assignee).toBeNull();
    });

    it('makes a chat that we began from any event that carries group and channel', async () => {
      const { fixture } = test;
      const customer = { address: '+447700900002', name: 'Kim' };
      const conversation = { id: 'c2', groupId: 'support', channel: 'whatsapp', customer };
      await fixture.tell('message.sent', { ...reply('ana', 'm1'), conversation });
      const detail = await fixture.store.conversation(await fixture.as('ana'), 'c2');
      expect(detail).toMatchObject({ customer: { kind: 'guest', name: 'Kim' }, waitingSince: null });
      expect(await fixture.open('ben')).toEqual([]);
    });

    it('takes history silently', async () => {
      const { fixture } = test;
      const affected = await fixture.message('Long ago', {}, { at: fixture.now() - 25 * HOUR });
      expect(affected.agents).toEqual([]);
      const detail = await fixture.store.conversation(await fixture.as('ana'), 'c1');
      expect(detail).toMatchObject({ waitingSince: null, lastMessage: { text: 'Long ago' } });
    });

    it('moves a chat to another group and settles the old team', async () => {
      const { fixture } = test;
      await fixture.message();
      const affected = await fixture.tell('conversation.handed_over', { conversation: { id: 'c1', groupId: 'sales' } });
      expect(affected.groups).toHaveLength(2);
      expect(await fixture.open('ana')).toEqual([]);
      expect(await fixture.open('fay')).toEqual(['c1 handover 0']);
    });
  });
}
