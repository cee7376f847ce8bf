import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, reply } from './store-fixture.ts';

export function membershipConformance(make: Make): void {
  describe('a group', () => {
    const test = eachTest(make);

    it('gives who joins its waiting chats, silently, and nothing else', async () => {
      const { fixture } = test;
      await fixture.message('Waiting', { conversation: 'waiting' });
      await fixture.message('Taken', { conversation: 'taken' });
      await fixture.assign('taken', 'ben', 'ben');
      await fixture.message('Answered', { conversation: 'answered' });
      await fixture.tell('message.sent', reply('ana', 'm9', 'answered'));
      await fixture.message('Elsewhere', { conversation: 'elsewhere', group: 'sales' });
      const zoe = await fixture.as('zoe');
      const affected = await fixture.group('support', ['ana', 'ben', 'zoe']);
      expect(affected.agents).toContain(zoe.agentKey);
      expect(await fixture.bell('zoe')).toMatchObject([
        { conversation: { id: 'waiting' }, state: 'open', reason: 'inbound', alert: false, alertedSeq: 0 },
      ]);
      expect(await fixture.store.groupKeys(zoe)).toHaveLength(1);
    });

    it('gives who joins a handover that nobody has taken up', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'assistant');
      await fixture.tell('conversation.handed_over', { conversation: { id: 'c1' } });
      await fixture.group('support', ['ana', 'ben', 'zoe']);
      expect(await fixture.open('zoe')).toEqual(['c1 handover 0']);
    });

    it('settles what is told to who leaves, and shows them its chats no more', async () => {
      const { fixture } = test;
      await fixture.message('Here', { conversation: 'here' });
      await fixture.group('sales', ['fay', 'ben']);
      await fixture.message('There', { conversation: 'there', group: 'sales' });
      const ben = await fixture.as('ben');
      const affected = await fixture.group('support', ['ana']);
      expect(affected.agents).toEqual([ben.agentKey]);
      expect(await fixture.open('ben')).toEqual(['there inbound 1']);
      expect(await fixture.open('ana')).toEqual(['here inbound 1']);
      expect(await fixture.store.canSee(ben, 'here')).toBe(false);
      expect(await fixture.store.conversation(ben, 'here')).toBeNull();
      expect(await fixture.store.canSee(ben, 'there')).toBe(true);
    });

    it('gives the chats of who leaves back to the team, and tells it of those that wait', async () => {
      const { fixture } = test;
      await fixture.message('Waiting', { conversation: 'waiting' });
      await fixture.assign('waiting', 'ben', 'ben');
      await fixture.message('Answered', { conversation: 'answered' });
      await fixture.assign('answered', 'ben', 'ben');
      await fixture.tell('message.sent', reply('ben', 'm9', 'answered'));
      const ben = await fixture.as('ben');
      await fixture.group('support', ['ana']);
      expect(await fixture.open('ben')).toEqual([]);
      expect((await fixture.bell('ana'))[0]).toMatchObject({
        conversation: { id: 'waiting' },
        state: 'open',
        why: 'team_unassigned',
        alert: true,
      });
      expect(await fixture.open('ana')).toEqual(['waiting inbound 0']);
      for (const id of ['waiting', 'answered']) {
        expect((await fixture.store.conversation(await fixture.as('ana'), id))?.assignee).toBeNull();
        expect(await fixture.store.canSee(ben, id)).toBe(false);
      }
    });

    it('tells who joins while another leaves of the chat that this one had', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'ben', 'ben');
      await fixture.group('support', ['ana', 'zoe']);
      expect(await fixture.open('ana')).toEqual(['c1 inbound 0']);
      expect(await fixture.open('zoe')).toEqual(['c1 inbound 0']);
    });

    it('may name an agent who is not known yet, and who is a member once saved', async () => {
      const { fixture } = test;
      await fixture.group('support', ['ana', 'ben', 'new']);
      await fixture.message();
      await fixture.agent('new');
      expect(await fixture.bell('new')).toMatchObject([{ state: 'open', alert: false }]);
      await fixture.message('And?');
      expect(await fixture.open('new')).toEqual(['c1 inbound 1']);
    });

    it('that is renamed shows its new name in open notifications, silently', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.group('support', ['ana', 'ben'], { name: 'First line' });
      expect(await fixture.bell('ana')).toMatchObject([
        { conversation: { group: { id: 'support', name: 'First line' } }, alert: false },
      ]);
      await fixture.group('support', ['ana', 'ben'], { name: 'First line' });
      expect(await fixture.store.me(await fixture.as('ana'))).toMatchObject({ groups: [{ name: 'First line' }] });
    });

    it('keeps a newer team against an older one that arrives late', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.group('support', ['fay'], { name: 'Old' }, { at: fixture.now() - HOUR });
      expect(await fixture.open('ana')).toEqual(['c1 inbound 1']);
      expect(await fixture.open('fay')).toEqual([]);
    });

    it('is not removed while it has open conversations', async () => {
      const { fixture } = test;
      await fixture.message();
      const refused = { outcome: 'refused', field: 'data.id' };
      expect(await fixture.event('group.removed', { id: 'support' }, { id: 'remove' })).toMatchObject(refused);
      await fixture.tell('conversation.closed', { conversation: { id: 'c1' } });
      expect(await fixture.event('group.removed', { id: 'support' }, { id: 'remove' })).toMatchObject({
        outcome: 'stored',
      });
      expect(await fixture.store.groupKeys(await fixture.as('ana'))).toEqual([]);
      expect(await fixture.store.canSee(await fixture.as('ana'), 'c1')).toBe(false);
      expect((await fixture.store.groups('acme')).map(({ id }) => id)).toEqual(['sales']);
    });

    it('removed before it was known stays removed when an older save arrives, and a newer one brings it back', async () => {
      const { fixture } = test;
      const at = fixture.now();
      await fixture.tell('group.removed', { id: 'late' });
      await fixture.group('late', ['ana'], {}, { at });
      expect(await fixture.store.groupKeys(await fixture.as('ana'))).toHaveLength(1);
      await fixture.group('late', ['ana']);
      expect(await fixture.store.groupKeys(await fixture.as('ana'))).toHaveLength(2);
    });
  });
}
