import type { Notification } from '@converso/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { openStoreFixture, received, reply, type StoreFixture, shownBy } from './store-fixture.ts';

const agents = fc.constantFrom('ana', 'ben', 'fay');
const chats = fc.constantFrom('c1', 'c2', 'c3');
/** How many seconds an event is older than its arrival. */
const lateness = fc.constantFrom(0, 0, 0, 3, 30);

type Happening = (fixture: StoreFixture, n: number) => Promise<unknown>;

const conversationEvent = fc
  .record({ kind: fc.constantFrom('in', 'in', 'out', 'assign', 'over', 'close'), chat: chats, agent: agents, lateness })
  .map(
    ({ kind, chat, agent, lateness }): Happening =>
      (fixture, n) => {
        const when = { at: fixture.now() + 1000 - lateness * 1000 };
        const conversation = { id: chat, groupId: 'support', channel: 'sms' };
        switch (kind) {
          case 'in':
            return fixture.tell('message.received', received(`Hi ${n}`, { id: `m${n}`, conversation: chat }), when);
          case 'out':
            return fixture.tell('message.sent', reply(agent, `m${n}`, chat), when);
          case 'assign': {
            const assignee = n % 3 === 0 ? null : { agentId: agent };
            return fixture.tell('conversation.assigned', { conversation, assignee }, when);
          }
          case 'over':
            return fixture.tell('conversation.handed_over', { conversation }, when);
          default:
            return fixture.tell('conversation.closed', { conversation, by: { agentId: agent } }, when);
        }
      },
  );

const otherHappening = fc.record({ kind: fc.nat(3), agent: agents, chat: chats }).map(
  ({ kind, agent, chat }): Happening =>
    async (fixture, n) => {
      const caller = await fixture.as(agent);
      if (kind === 0) return fixture.store.markRead(caller, { conversationId: chat }, fixture.now());
      if (kind === 1) return fixture.store.setPreferences(caller, { assistantChats: n % 2 === 0 }, fixture.now());
      if (kind === 2) return fixture.group('support', n % 2 === 0 ? ['ana', 'ben'] : ['ana', agent]);
      return fixture.tell('contact.saved', { contact: { address: '+447700900001', name: `Joe ${n}` } });
    },
);

/** A device: what it has read of the stream so far, upserted by id. */
async function openDevice(fixture: StoreFixture, id: string) {
  const { sessionId } = await fixture.as(id);
  const bell = new Map<string, Notification>();
  let cursor = 0;
  return {
    bell: () => [...bell.values()].toSorted((a, b) => b.seq - a.seq),
    async read(limit: number): Promise<boolean> {
      const read = await fixture.store.changes(sessionId, cursor, limit, fixture.now());
      if (read.outcome !== 'changes') throw new Error(read.outcome);
      for (const change of read.changes) {
        expect(change.seq).toBeGreaterThan(cursor);
        cursor = change.seq;
        const notification = shownBy(change);
        if (notification) bell.set(notification.id, notification);
      }
      expect(read.cursor).toBeGreaterThanOrEqual(cursor);
      cursor = read.cursor;
      return read.more;
    },
  };
}

export function devicesConformance(make: Make): void {
  describe('a device that upserts what it reads', () => {
    const test = eachTest(make);
    let businesses = 0;

    it('ends with what the store has, whatever happens while it reads', async () => {
      const story = fc.array(fc.oneof({ weight: 3, arbitrary: conversationEvent }, otherHappening), { maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(story, fc.integer({ min: 1, max: 3 }), async (happenings, limit) => {
          businesses += 1;
          const fixture = await openStoreFixture(test.fixture.store, `devices-${businesses}`);
          const ids = ['ana', 'ben', 'fay'];
          const devices = await Promise.all(ids.map((id) => openDevice(fixture, id)));
          for (const [n, happens] of happenings.entries()) {
            await happens(fixture, n);
            await devices[n % devices.length]?.read(limit);
          }
          for (const [index, id] of ids.entries()) {
            const device = devices[index]!;
            while (await device.read(limit));
            const { items, unread } = await fixture.store.notifications(await fixture.as(id), { limit: 1000 });
            expect(device.bell()).toEqual(items);
            const open = items.filter(({ state }) => state === 'open');
            expect(open).toHaveLength(unread);
            expect(new Set(open.map(({ conversation }) => conversation.id)).size).toBe(open.length);
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
