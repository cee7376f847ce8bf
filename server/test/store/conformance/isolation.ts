import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { openOffice, present, reply } from './office.ts';

export function isolationConformance(make: Make): void {
  describe('two businesses with the same ids', () => {
    const test = eachTest(make);

    it('take the same webhook id and the same conversation id each for itself', async () => {
      const { office: acme } = test;
      const other = await openOffice(acme.store, 'other');
      await acme.message('To acme', { id: 'm1' }, { id: 'same' });
      expect(await other.open('ana')).toEqual([]);
      await other.message('To the other', { id: 'm1' }, { id: 'same' });
      expect(await acme.bell('ana')).toMatchObject([{ message: { text: 'To acme' }, messageCount: 1 }]);
      expect(await other.bell('ana')).toMatchObject([{ message: { text: 'To the other' }, messageCount: 1 }]);
    });

    it("read, settle, take and end nothing of each other's", async () => {
      const { office: acme } = test;
      const other = await openOffice(acme.store, 'other');
      await acme.message();
      await acme.message('Closed', { conversation: 'only-here' });
      const before = await acme.bell('ana');
      const intruder = await other.as('ana');
      const { store } = acme;

      const ids = before.map(({ id }) => id);
      expect(await store.markRead(intruder, { ids }, other.now())).toMatchObject({ unread: 0 });
      await store.markRead(intruder, { conversationId: 'c1' }, other.now());
      await store.markRead(intruder, { upTo: Number.MAX_SAFE_INTEGER }, other.now());
      expect(await store.canSee(intruder, 'only-here')).toBe(false);
      expect(await store.conversation(intruder, 'only-here')).toBeNull();
      expect((await store.conversations(intruder, 'team', 10)).items).toEqual([]);
      expect((await store.notifications(intruder, { limit: 10 })).items).toEqual([]);
      const close = { id: 'x', type: 'closed', at: 0, imported: false, by: null } as const;
      expect(await other.execute('ana', { conversationId: 'only-here', entry: close })).toEqual({
        outcome: 'not_found',
      });
      const sessionId = (await acme.as('ana')).sessionId;
      expect(await store.endSession(intruder, sessionId)).toMatchObject({ ended: false });
      expect(await store.changes(intruder.sessionId, 0, 10, other.now())).toMatchObject({ changes: [] });
      expect(await acme.bell('ana')).toEqual(before);
    });

    it('keep agents, groups, contacts and secrets apart', async () => {
      const { office: acme } = test;
      const other = await openOffice(acme.store, 'other');
      await acme.message();
      await acme.assign('c1', 'ben', 'ben');
      await acme.message('And?');
      await other.tell('contact.saved', { contact: { address: '+447700900001', name: 'Somebody else' } });
      await other.agent('ben', { name: 'Bert', email: 'bert@example.com' });
      await other.tell('agent.removed', { id: 'ana' });
      await other.group('support', []);
      await other.tell('message.sent', reply('ben', 'm5'));
      await acme.store.rotateSecret('other', 'whsec_9', 0);

      expect(await acme.open('ben')).toEqual(['c1 inbound 1']);
      expect(present((await acme.bell('ben'))[0]).customer.name).toBe('Joe');
      expect(await acme.store.me(await acme.as('ana'))).toMatchObject({ groups: [{ id: 'support' }] });
      expect((await acme.store.agents('acme')).map(({ name }) => name)).toEqual(['Ana', 'Ben', 'Fay', 'Zoe']);
      expect(await acme.store.signingSecrets('acme', acme.now())).toEqual(['whsec_1']);
    });

    it("do not know each other's groups and agents", async () => {
      const { office: acme } = test;
      const other = await openOffice(acme.store, 'other');
      await other.group('parcels', ['ana']);
      await other.agent('new');
      const conversation = { id: 'c1', groupId: 'parcels', channel: 'sms' };
      const refusedGroup = await acme.event('conversation.handed_over', { conversation });
      expect(refusedGroup).toMatchObject({ outcome: 'refused', field: 'data.conversation.groupId' });
      const refusedAgent = await acme.event('conversation.assigned', {
        conversation: { id: 'c1' },
        assignee: { agentId: 'new' },
      });
      expect(refusedAgent).toMatchObject({ outcome: 'refused', field: 'data.assignee.agentId' });
    });
  });
}
