import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, reply, tokenOf } from './office.ts';

export function removalConformance(make: Make): void {
  describe('an agent', () => {
    const test = eachTest(make);

    it('a removed agent loses the sessions at once and counts as affected, so that the streams end', async () => {
      const { office } = test;
      const ben = await office.as('ben');
      const token = tokenOf('acme', 'ben', 1);
      expect(await office.store.callerOf(token, office.now())).toEqual(ben);
      const affected = await office.tell('agent.removed', { id: 'ben' });
      expect(affected.agents).toContain(ben.agentKey);
      expect(await office.store.callerOf(token, office.now())).toBeNull();
      expect(await office.store.changes(ben.sessionId, 0, 10, office.now())).toEqual({ outcome: 'ended' });
      expect(await office.store.snapshot(ben.sessionId, office.now())).toEqual({ outcome: 'ended' });
      expect(await office.store.conversation(ben, 'c1')).toBeNull();
    });

    it('who is removed gives all chats back, and the team is told of those that wait', async () => {
      const { office } = test;
      for (const id of ['waiting', 'answered', 'closed']) {
        await office.message('Hi', { conversation: id });
        await office.assign(id, 'ben', 'ben');
      }
      await office.tell('message.sent', reply('ben', 'm9', 'answered'));
      await office.tell('conversation.closed', { conversation: { id: 'closed' } });
      await office.tell('agent.removed', { id: 'ben' });
      expect(await office.open('ana')).toEqual(['waiting inbound 0']);
      expect((await office.bell('ana'))[0]).toMatchObject({ alert: true });
      for (const id of ['waiting', 'answered', 'closed']) {
        expect((await office.store.conversation(await office.as('ana'), id))?.assignee).toBeNull();
      }
    });

    it('who is removed is told of nothing more', async () => {
      const { office } = test;
      await office.message();
      const ben = await office.as('ben');
      await office.tell('agent.removed', { id: 'ben' });
      const affected = await office.message('And?');
      expect(affected.agents).not.toContain(ben.agentKey);
      expect((await office.store.notifications(ben, { limit: 10 })).items).toMatchObject([{ state: 'settled' }]);
    });

    it('who comes back gets what waits in their groups, silently', async () => {
      const { office } = test;
      await office.tell('agent.removed', { id: 'ben' });
      await office.message();
      await office.agent('ben');
      expect(await office.bell('ben')).toMatchObject([{ state: 'open', alert: false, messageCount: 0 }]);
    });

    it('stays removed when an older save arrives late, known before or not', async () => {
      const { office } = test;
      const late = { at: office.now() };
      for (const id of ['ben', 'unknown']) {
        await office.tell('agent.removed', { id });
        await office.agent(id, {}, late);
        await expect(office.signIn(id)).rejects.toThrow('refused');
      }
      const listed = (await office.store.agents('acme')).map(({ id, active }) => [id, active]);
      expect(Object.fromEntries(listed)).toEqual({ ana: true, ben: false, fay: true, zoe: true });
    });

    it('stays when an older removal arrives late', async () => {
      const { office } = test;
      await office.tell('agent.removed', { id: 'ben' }, { at: office.now() - HOUR });
      expect(await office.signIn('ben')).toMatchObject({ agent: { id: 'ben' } });
    });

    it('may not have the email of another active one of the business, whatever its case', async () => {
      const { office } = test;
      const agent = { id: 'new', name: 'New', email: 'BEN@example.com', role: 'agent' as const };
      const refused = { outcome: 'refused', field: 'data.agent.email' };
      expect(await office.event('agent.saved', { agent }, { id: 'retried' })).toMatchObject(refused);
      await office.tell('agent.removed', { id: 'ben' });
      expect(await office.event('agent.saved', { agent }, { id: 'retried' })).toMatchObject({ outcome: 'stored' });
    });

    it('keeps notifications and preferences through a change of name, email and role', async () => {
      const { office } = test;
      await office.message();
      const ben = await office.as('ben');
      await office.store.setPreferences(ben, { assistantChats: false }, office.now());
      await office.agent('ben', { name: 'Benjamin', email: 'Benjamin@example.com', role: 'admin' });
      expect(await office.store.agents('acme')).toContainEqual(
        expect.objectContaining({ id: 'ben', name: 'Benjamin', email: 'Benjamin@example.com', role: 'admin' }),
      );
      expect(await office.store.me(ben)).toMatchObject({ preferences: { assistantChats: false } });
      expect(await office.open('ben')).toEqual(['c1 inbound 1']);
    });

    it('who muted the chats the assistant is answering is not told of those', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'assistant');
      await office.store.setPreferences(await office.as('ben'), { assistantChats: false }, office.now());
      await office.message('And?');
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
      expect(await office.open('ben')).toEqual([]);
    });
  });
}
