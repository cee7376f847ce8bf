import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { present, shownBy } from './office.ts';

export function readingConformance(make: Make): void {
  describe('notifications', () => {
    const test = eachTest(make);

    const threeChats = async () => {
      for (const id of ['c1', 'c2', 'c3']) await test.office.message('Hi', { conversation: id });
    };

    it('are listed newest first, in pages, with the count of open ones and the cursor', async () => {
      const { office } = test;
      await threeChats();
      const ana = await office.as('ana');
      const first = await office.store.notifications(ana, { limit: 2 });
      expect(first.items.map(({ conversation }) => conversation.id)).toEqual(['c3', 'c2']);
      expect(first).toMatchObject({ unread: 3, cursor: first.items[0]?.seq });
      const before = present(first.items[1]).seq;
      const second = await office.store.notifications(ana, { limit: 2, before });
      expect(second.items.map(({ conversation }) => conversation.id)).toEqual(['c1']);
    });

    it('are read by id; ids of others, of ended ones and of nothing are ignored', async () => {
      const { office } = test;
      await threeChats();
      const [ana, ben] = [await office.as('ana'), await office.as('ben')];
      const [mine] = await office.bell('ana');
      const theirs = (await office.bell('ben')).map(({ id }) => id);
      const selection = { ids: [present(mine).id, 'nothing', ...theirs] };
      expect(await office.store.markRead(ana, selection, office.now())).toEqual({
        unread: 2,
        affected: { agents: [ana.agentKey], groups: [] },
      });
      const read = (await office.bell('ana'))[0];
      expect(read).toMatchObject({ id: mine?.id, state: 'read', settledBy: null, alert: false });
      expect(read?.seq).toBeGreaterThan(mine!.seq);
      expect(read?.alertedSeq).toBe(mine?.alertedSeq);
      expect((await office.store.notifications(ben, { limit: 10 })).unread).toBe(3);
      const again = await office.store.markRead(ana, selection, office.now());
      expect(again).toEqual({ unread: 2, affected: { agents: [], groups: [] } });
    });

    it('are read up to a seq, so that what came since stays open', async () => {
      const { office } = test;
      await threeChats();
      const ana = await office.as('ana');
      const { cursor } = await office.store.notifications(ana, { limit: 1 });
      await office.message('And?', { conversation: 'c2' });
      expect(await office.store.markRead(ana, { upTo: cursor }, office.now())).toMatchObject({ unread: 1 });
      expect(await office.open('ana')).toEqual(['c2 inbound 2']);
    });

    it('of a conversation are read when it is opened, on all devices, but not for colleagues', async () => {
      const { office } = test;
      await threeChats();
      const ana = await office.as('ana');
      const { cursor } = await office.store.notifications(ana, { limit: 1 });
      const other = await office.signIn('ana');
      expect(await office.store.markRead(ana, { conversationId: 'c2' }, office.now())).toMatchObject({ unread: 2 });
      const read = await office.store.changes(other.sessionId, cursor, 10, office.now());
      if (read.outcome !== 'changes') throw new Error(read.outcome);
      expect(read.changes.map(shownBy)).toMatchObject([{ conversation: { id: 'c2' }, state: 'read' }]);
      expect(read.unread).toBe(2);
      expect(await office.open('ben')).toHaveLength(3);
      await office.message('And?', { conversation: 'c2' });
      expect(await office.open('ana')).toEqual(['c2 inbound 1', 'c3 inbound 1', 'c1 inbound 1']);
    });

    it('that ended are never open again', async () => {
      const { office } = test;
      await office.message();
      const ana = await office.as('ana');
      await office.store.markRead(ana, { conversationId: 'c1' }, office.now());
      await office.assign('c1', 'ben', 'ben');
      expect(await office.bell('ana')).toMatchObject([{ state: 'read' }]);
    });

    it('survive a restart with everything they show', async () => {
      const { office, made } = test;
      await threeChats();
      await office.assign('c1', 'ben', 'ben');
      const before = await office.bell('ana');
      office.store = await made.reopen();
      expect(await office.bell('ana')).toEqual(before);
    });
  });
}
