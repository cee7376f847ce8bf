import { SNAPSHOT_LATEST, SNAPSHOT_OPEN } from '@converso/shared';
import { describe, expect, it } from 'vitest';
import type { StreamRead } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { DAY, reply, SECOND, type StoreFixture, shownBy } from './store-fixture.ts';

export function streamConformance(make: Make): void {
  describe('a stream', () => {
    const test = eachTest(make);

    const changes = async (fixture: StoreFixture, id: string, cursor: number, limit = 100): Promise<StreamRead> =>
      fixture.store.changes((await fixture.as(id)).sessionId, cursor, limit, fixture.now());
    const snapshot = async (fixture: StoreFixture, id: string) => {
      const read = await fixture.store.snapshot((await fixture.as(id)).sessionId, fixture.now());
      if (read.outcome !== 'snapshot') throw new Error(read.outcome);
      return read;
    };

    it('begins with who the agent is, what is open, and the latest', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'c1' });
      await fixture.message('Hi', { conversation: 'c2' });
      await fixture.assign('c2', 'ben', 'ben');
      const items = await fixture.bell('ana');
      expect(await snapshot(fixture, 'ana')).toEqual({
        outcome: 'snapshot',
        me: {
          agent: { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' },
          business: { id: 'acme', name: 'The acme', timeZone: 'Europe/London' },
          groups: [{ id: 'support', name: 'Support' }],
          preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
          sources: [],
        },
        unread: 1,
        items,
        cursor: items[0]?.seq,
      });
    });

    it('begins with at most 200 open ones and the latest 50, newest first, each once', async () => {
      const { fixture } = test;
      for (let n = 0; n < SNAPSHOT_OPEN + 5; n += 1) await fixture.message('Hi', { conversation: `open-${n}` });
      for (let n = 0; n < SNAPSHOT_LATEST; n += 1) {
        await fixture.message('Hi', { conversation: `done-${n}` });
        await fixture.tell('message.sent', reply('ben', `r${n}`, `done-${n}`));
      }
      const { items, unread } = await snapshot(fixture, 'ana');
      expect(unread).toBe(SNAPSHOT_OPEN + 5);
      expect(items.filter(({ state }) => state === 'open')).toHaveLength(SNAPSHOT_OPEN);
      expect(items).toHaveLength(SNAPSHOT_OPEN + SNAPSHOT_LATEST);
      expect(items.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).toSorted((a, b) => b - a));
      expect(items[0]?.conversation.id).toBe(`done-${SNAPSHOT_LATEST - 1}`);
    });

    it('goes on after its cursor, in order, each notification as it is now', async () => {
      const { fixture } = test;
      const { cursor } = await snapshot(fixture, 'ana');
      await fixture.message('one', { conversation: 'c1' });
      await fixture.message('one', { conversation: 'c2' });
      await fixture.message('two', { conversation: 'c1' });
      const read = await changes(fixture, 'ana', cursor);
      if (read.outcome !== 'changes') throw new Error(read.outcome);
      const seen = read.changes.map((change) => shownBy(change)?.conversation.id);
      expect(seen).toEqual(['c2', 'c1']);
      expect(read).toMatchObject({ unread: 2, more: false, cursor: read.changes.at(-1)?.seq });
      expect(await changes(fixture, 'ana', read.cursor)).toMatchObject({ changes: [], unread: 2, cursor: read.cursor });
    });

    it('may be told at once what a commit has just written, and then as a read tells it', async () => {
      const { fixture } = test;
      const { sessionId } = await fixture.as('ana');
      const { cursor } = await snapshot(fixture, 'ana');
      const atOnce = (after: number) => fixture.store.recentChanges(sessionId, after, 100, fixture.now());
      expect(atOnce(cursor)).toBeNull();
      await fixture.message('one', { conversation: 'c1' });
      await fixture.message('one', { conversation: 'c2' });
      // Each says how many were open then, so that is left out.
      const shown = (read: StreamRead | null) =>
        read?.outcome === 'changes' ? { ...read, changes: read.changes.map(shownBy) } : read;
      const read = await changes(fixture, 'ana', cursor);
      expect([null, shown(read)]).toContainEqual(shown(atOnce(cursor)));
      expect(atOnce(cursor + 100)).toBeNull();
      await fixture.store.endSession(await fixture.as('ana'), sessionId);
      expect(atOnce(cursor)).toBeNull();
    });

    it('is read in parts, together the same as at once', async () => {
      const { fixture } = test;
      const { cursor: start } = await snapshot(fixture, 'ana');
      for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await fixture.message('Hi', { conversation: id });
      await fixture.store.setPreferences(await fixture.as('ana'), { unrepliedEmails: false }, fixture.now());
      await fixture.message('Hi', { conversation: 'c6' });
      const whole = await changes(fixture, 'ana', start);
      const parts = [];
      for (let cursor = start, more = true; more; ) {
        const part = await changes(fixture, 'ana', cursor, 2);
        if (part.outcome !== 'changes') throw new Error(part.outcome);
        expect(part.changes.length).toBeLessThanOrEqual(2);
        parts.push(...part.changes);
        ({ cursor, more } = part);
      }
      expect(whole).toMatchObject({ changes: parts });
      expect(parts.map(({ type }) => type)).toEqual([...Array(5).fill('notification'), 'preferences', 'notification']);
    });

    it('carries the preferences when they change, and nothing when they do not', async () => {
      const { fixture } = test;
      const ana = await fixture.as('ana');
      const { cursor } = await snapshot(fixture, 'ana');
      const all = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };
      const patch = { messageNotifications: false };
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await fixture.store.setPreferences(ana, patch, fixture.now())).toEqual({ preferences: all, affected });
      expect(await changes(fixture, 'ana', cursor)).toMatchObject({
        changes: [{ type: 'preferences', seq: cursor + 1, preferences: all }],
      });
      const unchanged = await fixture.store.setPreferences(ana, patch, fixture.now());
      expect(unchanged).toEqual({ preferences: all, affected: { agents: [], groups: [] } });
      expect(await changes(fixture, 'ana', cursor + 1)).toMatchObject({ changes: [] });
    });

    it('has a gap where the cursor is unknown', async () => {
      const { fixture } = test;
      await fixture.message();
      const { cursor } = await snapshot(fixture, 'ana');
      for (const unknown of [cursor + 1, -1, Number.NaN, Number.MAX_SAFE_INTEGER]) {
        expect(await changes(fixture, 'ana', unknown)).toEqual({ outcome: 'gap' });
      }
      expect(await changes(fixture, 'ana', 0)).toMatchObject({ outcome: 'changes' });
    });

    it('has a gap where the cursor is so old that a snapshot is the shorter way, for the device concerned alone', async () => {
      const { fixture } = test;
      await fixture.message();
      const { cursor } = await snapshot(fixture, 'ana');
      const others = (await snapshot(fixture, 'ben')).cursor;
      const ana = await fixture.as('ana');
      const toggles = Array.from({ length: 6_000 }, (_, index) =>
        fixture.store.setPreferences(ana, { unrepliedEmails: index % 2 === 1 }, fixture.now()),
      );
      await Promise.all(toggles);
      expect(await changes(fixture, 'ana', cursor)).toEqual({ outcome: 'gap' });
      expect(await changes(fixture, 'ana', cursor + 5_900)).toMatchObject({ outcome: 'changes' });
      expect(await changes(fixture, 'ben', others)).toMatchObject({ outcome: 'changes' });
    });

    it('ends with its session, by revocation or for want of use', async () => {
      const { fixture } = test;
      const { sessionId } = await fixture.signIn('ana');
      const ana = await fixture.as('ana');
      await fixture.store.endSession(ana, sessionId);
      const ended = { outcome: 'ended' };
      expect(await fixture.store.changes(sessionId, 0, 10, fixture.now())).toEqual(ended);
      expect(await fixture.store.snapshot(sessionId, fixture.now())).toEqual(ended);
      expect(await fixture.store.changes('nothing', 0, 10, fixture.now())).toEqual(ended);
      fixture.wait(90 * DAY - SECOND);
      expect(await changes(fixture, 'ana', 0)).toMatchObject({ outcome: 'changes' });
      fixture.wait(SECOND);
      expect(await changes(fixture, 'ana', 0)).toEqual(ended);
    });

    it('is remembered as the last connection', async () => {
      const { fixture } = test;
      await fixture.store.connected(await fixture.as('ana'), fixture.now());
      const listed = await fixture.store.agents('acme');
      expect(listed.map(({ id, lastConnectedAt }) => [id, lastConnectedAt]).slice(0, 2)).toEqual([
        ['ana', fixture.now()],
        ['ben', null],
      ]);
    });

    it('gives each agent a sequence of their own, without gaps that others made', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { group: 'sales', conversation: 'c1' });
      await fixture.message('Hi', { group: 'support', conversation: 'c2' });
      expect((await fixture.bell('fay')).map(({ seq }) => seq)).toEqual([1]);
      expect((await fixture.bell('ana')).map(({ seq }) => seq)).toEqual([1]);
    });
  });
}
