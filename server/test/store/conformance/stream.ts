import { SNAPSHOT_LATEST, SNAPSHOT_OPEN } from '@converso/shared';
import { describe, expect, it } from 'vitest';
import type { StreamRead } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { DAY, type Office, reply, SECOND, shownBy } from './office.ts';

export function streamConformance(make: Make): void {
  describe('a stream', () => {
    const test = eachTest(make);

    const changes = async (office: Office, id: string, cursor: number, limit = 100): Promise<StreamRead> =>
      office.store.changes((await office.as(id)).sessionId, cursor, limit, office.now());
    const snapshot = async (office: Office, id: string) => {
      const read = await office.store.snapshot((await office.as(id)).sessionId, office.now());
      if (read.outcome !== 'snapshot') throw new Error(read.outcome);
      return read;
    };

    it('begins with who the agent is, what is open, and the latest', async () => {
      const { office } = test;
      await office.message('Hi', { conversation: 'c1' });
      await office.message('Hi', { conversation: 'c2' });
      await office.assign('c2', 'ben', 'ben');
      const items = await office.bell('ana');
      expect(await snapshot(office, 'ana')).toEqual({
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
      const { office } = test;
      for (let n = 0; n < SNAPSHOT_OPEN + 5; n += 1) await office.message('Hi', { conversation: `open-${n}` });
      for (let n = 0; n < SNAPSHOT_LATEST; n += 1) {
        await office.message('Hi', { conversation: `done-${n}` });
        await office.tell('message.sent', reply('ben', `r${n}`, `done-${n}`));
      }
      const { items, unread } = await snapshot(office, 'ana');
      expect(unread).toBe(SNAPSHOT_OPEN + 5);
      expect(items.filter(({ state }) => state === 'open')).toHaveLength(SNAPSHOT_OPEN);
      expect(items).toHaveLength(SNAPSHOT_OPEN + SNAPSHOT_LATEST);
      expect(items.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).toSorted((a, b) => b - a));
      expect(items[0]?.conversation.id).toBe(`done-${SNAPSHOT_LATEST - 1}`);
    });

    it('goes on after its cursor, in order, each notification as it is now', async () => {
      const { office } = test;
      const { cursor } = await snapshot(office, 'ana');
      await office.message('one', { conversation: 'c1' });
      await office.message('one', { conversation: 'c2' });
      await office.message('two', { conversation: 'c1' });
      const read = await changes(office, 'ana', cursor);
      if (read.outcome !== 'changes') throw new Error(read.outcome);
      const seen = read.changes.map((change) => shownBy(change)?.conversation.id);
      expect(seen).toEqual(['c2', 'c1']);
      expect(read).toMatchObject({ unread: 2, more: false, cursor: read.changes.at(-1)?.seq });
      expect(await changes(office, 'ana', read.cursor)).toMatchObject({ changes: [], unread: 2, cursor: read.cursor });
    });

    it('may be told at once what a commit has just written, and then as a read tells it', async () => {
      const { office } = test;
      const { sessionId } = await office.as('ana');
      const { cursor } = await snapshot(office, 'ana');
      const atOnce = (after: number) => office.store.recentChanges(sessionId, after, 100, office.now());
      expect(atOnce(cursor)).toBeNull();
      await office.message('one', { conversation: 'c1' });
      await office.message('one', { conversation: 'c2' });
      // Each says how many were open then, so that is left out.
      const shown = (read: StreamRead | null) =>
        read?.outcome === 'changes' ? { ...read, changes: read.changes.map(shownBy) } : read;
      const read = await changes(office, 'ana', cursor);
      expect([null, shown(read)]).toContainEqual(shown(atOnce(cursor)));
      expect(atOnce(cursor + 100)).toBeNull();
      await office.store.endSession(await office.as('ana'), sessionId);
      expect(atOnce(cursor)).toBeNull();
    });

    it('is read in parts, together the same as at once', async () => {
      const { office } = test;
      const { cursor: start } = await snapshot(office, 'ana');
      for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await office.message('Hi', { conversation: id });
      await office.store.setPreferences(await office.as('ana'), { unrepliedEmails: false }, office.now());
      await office.message('Hi', { conversation: 'c6' });
      const whole = await changes(office, 'ana', start);
      const parts = [];
      for (let cursor = start, more = true; more; ) {
        const part = await changes(office, 'ana', cursor, 2);
        if (part.outcome !== 'changes') throw new Error(part.outcome);
        expect(part.changes.length).toBeLessThanOrEqual(2);
        parts.push(...part.changes);
        ({ cursor, more } = part);
      }
      expect(whole).toMatchObject({ changes: parts });
      expect(parts.map(({ type }) => type)).toEqual([...Array(5).fill('notification'), 'preferences', 'notification']);
    });

    it('carries the preferences when they change, and nothing when they do not', async () => {
      const { office } = test;
      const ana = await office.as('ana');
      const { cursor } = await snapshot(office, 'ana');
      const all = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };
      const patch = { messageNotifications: false };
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await office.store.setPreferences(ana, patch, office.now())).toEqual({ preferences: all, affected });
      expect(await changes(office, 'ana', cursor)).toMatchObject({
        changes: [{ type: 'preferences', seq: cursor + 1, preferences: all }],
      });
      const unchanged = await office.store.setPreferences(ana, patch, office.now());
      expect(unchanged).toEqual({ preferences: all, affected: { agents: [], groups: [] } });
      expect(await changes(office, 'ana', cursor + 1)).toMatchObject({ changes: [] });
    });

    it('has a gap where the cursor is unknown', async () => {
      const { office } = test;
      await office.message();
      const { cursor } = await snapshot(office, 'ana');
      for (const unknown of [cursor + 1, -1, Number.NaN, Number.MAX_SAFE_INTEGER]) {
        expect(await changes(office, 'ana', unknown)).toEqual({ outcome: 'gap' });
      }
      expect(await changes(office, 'ana', 0)).toMatchObject({ outcome: 'changes' });
    });

    it('has a gap where the cursor is so old that a snapshot is the shorter way, for the device concerned alone', async () => {
      const { office } = test;
      await office.message();
      const { cursor } = await snapshot(office, 'ana');
      const others = (await snapshot(office, 'ben')).cursor;
      const ana = await office.as('ana');
      const toggles = Array.from({ length: 6_000 }, (_, index) =>
        office.store.setPreferences(ana, { unrepliedEmails: index % 2 === 1 }, office.now()),
      );
      await Promise.all(toggles);
      expect(await changes(office, 'ana', cursor)).toEqual({ outcome: 'gap' });
      expect(await changes(office, 'ana', cursor + 5_900)).toMatchObject({ outcome: 'changes' });
      expect(await changes(office, 'ben', others)).toMatchObject({ outcome: 'changes' });
    });

    it('ends with its session, by revocation or for want of use', async () => {
      const { office } = test;
      const { sessionId } = await office.signIn('ana');
      const ana = await office.as('ana');
      await office.store.endSession(ana, sessionId);
      const ended = { outcome: 'ended' };
      expect(await office.store.changes(sessionId, 0, 10, office.now())).toEqual(ended);
      expect(await office.store.snapshot(sessionId, office.now())).toEqual(ended);
      expect(await office.store.changes('nothing', 0, 10, office.now())).toEqual(ended);
      office.wait(90 * DAY - SECOND);
      expect(await changes(office, 'ana', 0)).toMatchObject({ outcome: 'changes' });
      office.wait(SECOND);
      expect(await changes(office, 'ana', 0)).toEqual(ended);
    });

    it('is remembered as the last connection', async () => {
      const { office } = test;
      await office.store.connected(await office.as('ana'), office.now());
      const listed = await office.store.agents('acme');
      expect(listed.map(({ id, lastConnectedAt }) => [id, lastConnectedAt]).slice(0, 2)).toEqual([
        ['ana', office.now()],
        ['ben', null],
      ]);
    });

    it('gives each agent a sequence of their own, without gaps that others made', async () => {
      const { office } = test;
      await office.message('Hi', { group: 'sales', conversation: 'c1' });
      await office.message('Hi', { group: 'support', conversation: 'c2' });
      expect((await office.bell('fay')).map(({ seq }) => seq)).toEqual([1]);
      expect((await office.bell('ana')).map(({ seq }) => seq)).toEqual([1]);
    });
  });
}
