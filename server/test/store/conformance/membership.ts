import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, reply } from './office.ts';

export function membershipConformance(make: Make): void {
  describe('a group', () => {
    const test = eachTest(make);

    it('gives who joins its waiting chats, silently, and nothing else', async () => {
      const { office } = test;
      await office.message('Waiting', { conversation: 'waiting' });
      await office.message('Taken', { conversation: 'taken' });
      await office.assign('taken', 'ben', 'ben');
      await office.message('Answered', { conversation: 'answered' });
      await office.tell('message.sent', reply('ana', 'm9', 'answered'));
      await office.message('Elsewhere', { conversation: 'elsewhere', group: 'sales' });
      const zoe = await office.as('zoe');
      const affected = await office.group('support', ['ana', 'ben', 'zoe']);
      expect(affected.agents).toContain(zoe.agentKey);
      expect(await office.bell('zoe')).toMatchObject([
        { conversation: { id: 'waiting' }, state: 'open', reason: 'inbound', alert: false, alertedSeq: 0 },
      ]);
      expect(await office.store.groupKeys(zoe)).toHaveLength(1);
    });

    it('gives who joins a handover that nobody has taken up', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'assistant');
      await office.tell('conversation.handed_over', { conversation: { id: 'c1' } });
      await office.group('support', ['ana', 'ben', 'zoe']);
      expect(await office.open('zoe')).toEqual(['c1 handover 0']);
    });

    it('settles what is told to who leaves, and shows them its chats no more', async () => {
      const { office } = test;
      await office.message('Here', { conversation: 'here' });
      await office.group('sales', ['fay', 'ben']);
      await office.message('There', { conversation: 'there', group: 'sales' });
      const ben = await office.as('ben');
      const affected = await office.group('support', ['ana']);
      expect(affected.agents).toEqual([ben.agentKey]);
      expect(await office.open('ben')).toEqual(['there inbound 1']);
      expect(await office.open('ana')).toEqual(['here inbound 1']);
      expect(await office.store.canSee(ben, 'here')).toBe(false);
      expect(await office.store.conversation(ben, 'here')).toBeNull();
      expect(await office.store.canSee(ben, 'there')).toBe(true);
    });

    it('gives the chats of who leaves back to the team, and tells it of those that wait', async () => {
      const { office } = test;
      await office.message('Waiting', { conversation: 'waiting' });
      await office.assign('waiting', 'ben', 'ben');
      await office.message('Answered', { conversation: 'answered' });
      await office.assign('answered', 'ben', 'ben');
      await office.tell('message.sent', reply('ben', 'm9', 'answered'));
      const ben = await office.as('ben');
      await office.group('support', ['ana']);
      expect(await office.open('ben')).toEqual([]);
      expect((await office.bell('ana'))[0]).toMatchObject({
        conversation: { id: 'waiting' },
        state: 'open',
        why: 'team_unassigned',
        alert: true,
      });
      expect(await office.open('ana')).toEqual(['waiting inbound 0']);
      for (const id of ['waiting', 'answered']) {
        expect((await office.store.conversation(await office.as('ana'), id))?.assignee).toBeNull();
        expect(await office.store.canSee(ben, id)).toBe(false);
      }
    });

    it('tells who joins while another leaves of the chat that this one had', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'ben', 'ben');
      await office.group('support', ['ana', 'zoe']);
      expect(await office.open('ana')).toEqual(['c1 inbound 0']);
      expect(await office.open('zoe')).toEqual(['c1 inbound 0']);
    });

    it('may name an agent who is not known yet, and who is a member once saved', async () => {
      const { office } = test;
      await office.group('support', ['ana', 'ben', 'new']);
      await office.message();
      await office.agent('new');
      expect(await office.bell('new')).toMatchObject([{ state: 'open', alert: false }]);
      await office.message('And?');
      expect(await office.open('new')).toEqual(['c1 inbound 1']);
    });

    it('that is renamed shows its new name in open notifications, silently', async () => {
      const { office } = test;
      await office.message();
      await office.group('support', ['ana', 'ben'], { name: 'First line' });
      expect(await office.bell('ana')).toMatchObject([
        { conversation: { group: { id: 'support', name: 'First line' } }, alert: false },
      ]);
      await office.group('support', ['ana', 'ben'], { name: 'First line' });
      expect(await office.store.me(await office.as('ana'))).toMatchObject({ groups: [{ name: 'First line' }] });
    });

    it('keeps a newer team against an older one that arrives late', async () => {
      const { office } = test;
      await office.message();
      await office.group('support', ['fay'], { name: 'Old' }, { at: office.now() - HOUR });
      expect(await office.open('ana')).toEqual(['c1 inbound 1']);
      expect(await office.open('fay')).toEqual([]);
    });

    it('is not removed while it has open conversations', async () => {
      const { office } = test;
      await office.message();
      const refused = { outcome: 'refused', field: 'data.id' };
      expect(await office.event('group.removed', { id: 'support' }, { id: 'remove' })).toMatchObject(refused);
      await office.tell('conversation.closed', { conversation: { id: 'c1' } });
      expect(await office.event('group.removed', { id: 'support' }, { id: 'remove' })).toMatchObject({
        outcome: 'stored',
      });
      expect(await office.store.groupKeys(await office.as('ana'))).toEqual([]);
      expect(await office.store.canSee(await office.as('ana'), 'c1')).toBe(false);
      expect((await office.store.groups('acme')).map(({ id }) => id)).toEqual(['sales']);
    });

    it('removed before it was known stays removed when an older save arrives, and a newer one brings it back', async () => {
      const { office } = test;
      const at = office.now();
      await office.tell('group.removed', { id: 'late' });
      await office.group('late', ['ana'], {}, { at });
      expect(await office.store.groupKeys(await office.as('ana'))).toHaveLength(1);
      await office.group('late', ['ana']);
      expect(await office.store.groupKeys(await office.as('ana'))).toHaveLength(2);
    });
  });
}
