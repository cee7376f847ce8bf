import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { present, shownBy } from './store-fixture.ts';

export function readingConformance(make: Make): void {
  describe('notifications', () => {
    const test = eachTest(make);

    const threeChats = async () => {
      for (const id of ['c1', 'c2', 'c3']) await test.fixture.message('Hi', { conversation: id });
    };

    it('are listed newest first, in pages, with the count of open ones and the cursor', async () => {
      const { fixture } = test;
      await threeChats();
      const ana = await fixture.as('ana');
      const first = await fixture.store.notifications(ana, { limit: 2 });
      expect(first.items.map(({ conversation }) => conversation.id)).toEqual(['c3', 'c2']);
      expect(first).toMatchObject({ unread: 3, cursor: first.items[0]?.seq });
      const before = present(first.items[1]).seq;
      const second = await fixture.store.notifications(ana, { limit: 2, before });
      expect(second.items.map(({ conversation }) => conversation.id)).toEqual(['c1']);
    });

    it('are read by id; ids of others, of ended ones and of nothing are ignored', async () => {
      const { fixture } = test;
      await threeChats();
      const [ana, ben] = [await fixture.as('ana'), await fixture.as('ben')];
      const [mine] = await fixture.bell('ana');
      const theirs = (await fixture.bell('ben')).map(({ id }) => id);
      const selection = { ids: [present(mine).id, 'nothing', ...theirs] };
      expect(await fixture.store.markRead(ana, selection, fixture.now())).toEqual({
        unread: 2,
        affected: { agents: [ana.agentKey], groups: [] },
      });
      const read = (await fixture.bell('ana'))[0];
      expect(read).toMatchObject({ id: mine?.id, state: 'read', settledBy: null, alert: false });
      expect(read?.seq).toBeGreaterThan(mine!.seq);
      expect(read?.alertedSeq).toBe(mine?.alertedSeq);
      expect((await fixture.store.notifications(ben, { limit: 10 })).unread).toBe(3);
      const again = await fixture.store.markRead(ana, selection, fixture.now());
      expect(again).toEqual({ unread: 2, affected: { agents: [], groups: [] } });
    });

    it('are read up to a seq, so that what came since stays open', async () => {
      const { fixture } = test;
      await threeChats();
      const ana = await fixture.as('ana');
      const { cursor } = await fixture.store.notifications(ana, { limit: 1 });
      await fixture.message('And?', { conversation: 'c2' });
      expect(await fixture.store.markRead(ana, { upTo: cursor }, fixture.now())).toMatchObject({ unread: 1 });
      expect(await fixture.open('ana')).toEqual(['c2 inbound 2']);
    });

    it('of a conversation are read when it is opened, on all devices, but not for colleagues', async () => {
      const { fixture } = test;
      await threeChats();
      const ana = await fixture.as('ana');
      const { cursor } = await fixture.store.notifications(ana, { limit: 1 });
      const other = await fixture.signIn('ana');
      expect(await fixture.store.markRead(ana, { conversationId: 'c2' }, fixture.now())).toMatchObject({ unread: 2 });
      const read = await fixture.store.changes(other.sessionId, cursor, 10, fixture.now());
      if (read.outcome !== 'changes') throw new Error(read.outcome);
      expect(read.changes.map(shownBy)).toMatchObject([{ conversation: { id: 'c2' }, state: 'read' }]);
      expect(read.unread).toBe(2);
      expect(await fixture.open('ben')).toHaveLength(3);
      await fixture.message('And?', { conversation: 'c2' });
      expect(await fixture.open('ana')).toEqual(['c2 inbound 1', 'c3 inbound 1', 'c1 inbound 1']);
    });

    it('that ended are never open again', async () => {
      const { fixture } = test;
      await fixture.message();
      const ana = await fixture.as('ana');
      await fixture.store.markRead(ana, { conversationId: 'c1' }, fixture.now());
      await fixture.assign('c1', 'ben', 'ben');
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'read' }]);
    });

    it('survive a restart with everything they show', async () => {
      const { fixture, made } = test;
      await threeChats();
      await fixture.assign('c1', 'ben', 'ben');
      const before = await fixture.bell('ana');
      fixture.store = await made.reopen();
      expect(await fixture.bell('ana')).toEqual(before);
    });
  });
}
