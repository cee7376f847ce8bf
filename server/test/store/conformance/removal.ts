import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, reply, tokenOf } from './store-fixture.ts';

export function removalConformance(make: Make): void {
  describe('an agent', () => {
    const test = eachTest(make);

    it('a removed agent loses the sessions at once and counts as affected, so that the streams end', async () => {
      const { fixture } = test;
      const ben = await fixture.as('ben');
      const token = tokenOf('acme', 'ben', 1);
      expect(await fixture.store.callerOf(token, fixture.now())).toEqual(ben);
      const affected = await fixture.tell('agent.removed', { id: 'ben' });
      expect(affected.agents).toContain(ben.agentKey);
      expect(await fixture.store.callerOf(token, fixture.now())).toBeNull();
      expect(await fixture.store.changes(ben.sessionId, 0, 10, fixture.now())).toEqual({ outcome: 'ended' });
      expect(await fixture.store.snapshot(ben.sessionId, fixture.now())).toEqual({ outcome: 'ended' });
      expect(await fixture.store.conversation(ben, 'c1')).toBeNull();
    });

    it('who is removed gives all chats back, and the team is told of those that wait', async () => {
      const { fixture } = test;
      for (const id of ['waiting', 'answered', 'closed']) {
        await fixture.message('Hi', { conversation: id });
        await fixture.assign(id, 'ben', 'ben');
      }
      await fixture.tell('message.sent', reply('ben', 'm9', 'answered'));
      await fixture.tell('conversation.closed', { conversation: { id: 'closed' } });
      await fixture.tell('agent.removed', { id: 'ben' });
      expect(await fixture.open('ana')).toEqual(['waiting inbound 0']);
      expect((await fixture.bell('ana'))[0]).toMatchObject({ alert: true });
      for (const id of ['waiting', 'answered', 'closed']) {
        expect((await fixture.store.conversation(await fixture.as('ana'), id))?.assignee).toBeNull();
      }
    });

    it('who is removed is told of nothing more', async () => {
      const { fixture } = test;
      await fixture.message();
      const ben = await fixture.as('ben');
      await fixture.tell('agent.removed', { id: 'ben' });
      const affected = await fixture.message('And?');
      expect(affected.agents).not.toContain(ben.agentKey);
      expect((await fixture.store.notifications(ben, { limit: 10 })).items).toMatchObject([{ state: 'settled' }]);
    });

    it('who comes back gets what waits in their groups, silently', async () => {
      const { fixture } = test;
      await fixture.tell('agent.removed', { id: 'ben' });
      await fixture.message();
      await fixture.agent('ben');
      expect(await fixture.bell('ben')).toMatchObject([{ state: 'open', alert: false, messageCount: 0 }]);
    });

    it('stays removed when an older save arrives late, known before or not', async () => {
      const { fixture } = test;
      const late = { at: fixture.now() };
      for (const id of ['ben', 'unknown']) {
        await fixture.tell('agent.removed', { id });
        await fixture.agent(id, {}, late);
        await expect(fixture.signIn(id)).rejects.toThrow('refused');
      }
      const listed = (await fixture.store.agents('acme')).map(({ id, active }) => [id, active]);
      expect(Object.fromEntries(listed)).toEqual({ ana: true, ben: false, fay: true, zoe: true });
    });

    it('stays when an older removal arrives late', async () => {
      const { fixture } = test;
      await fixture.tell('agent.removed', { id: 'ben' }, { at: fixture.now() - HOUR });
      expect(await fixture.signIn('ben')).toMatchObject({ agent: { id: 'ben' } });
    });

    it('may not have the email of another active one of the business, whatever its case', async () => {
      const { fixture } = test;
      const agent = { id: 'new', name: 'New', email: 'BEN@example.com', role: 'agent' as const };
      const refused = { outcome: 'refused', field: 'data.agent.email' };
      expect(await fixture.event('agent.saved', { agent }, { id: 'retried' })).toMatchObject(refused);
      await fixture.tell('agent.removed', { id: 'ben' });
      expect(await fixture.event('agent.saved', { agent }, { id: 'retried' })).toMatchObject({ outcome: 'stored' });
    });

    it('keeps notifications and preferences through a change of name, email and role', async () => {
      const { fixture } = test;
      await fixture.message();
      const ben = await fixture.as('ben');
      await fixture.store.setPreferences(ben, { assistantChats: false }, fixture.now());
      await fixture.agent('ben', { name: 'Benjamin', email: 'Benjamin@example.com', role: 'admin' });
      expect(await fixture.store.agents('acme')).toContainEqual(
        expect.objectContaining({ id: 'ben', name: 'Benjamin', email: 'Benjamin@example.com', role: 'admin' }),
      );
      expect(await fixture.store.me(ben)).toMatchObject({ preferences: { assistantChats: false } });
      expect(await fixture.open('ben')).toEqual(['c1 inbound 1']);
    });

    it('who muted the chats the assistant is answering is not told of those', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'assistant');
      await fixture.store.setPreferences(await fixture.as('ben'), { assistantChats: false }, fixture.now());
      await fixture.message('And?');
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
      expect(await fixture.open('ben')).toEqual([]);
    });
  });
}
