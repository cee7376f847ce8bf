import type { Notification } from '@converso/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { type Office, openOffice, received, reply, shownBy } from './office.ts';

const agents = fc.constantFrom('ana', 'ben', 'fay');
const chats = fc.constantFrom('c1', 'c2', 'c3');
/** How many seconds an event is older than its arrival. */
const lateness = fc.constantFrom(0, 0, 0, 3, 30);

type Happening = (office: Office, n: number) => Promise<unknown>;

const conversationEvent = fc
  .record({ kind: fc.constantFrom('in', 'in', 'out', 'assign', 'over', 'close'), chat: chats, agent: agents, lateness })
  .map(
    ({ kind, chat, agent, lateness }): Happening =>
      (office, n) => {
        const when = { at: office.now() + 1000 - lateness * 1000 };
        const conversation = { id: chat, groupId: 'support', channel: 'sms' };
        switch (kind) {
          case 'in':
            return office.tell('message.received', received(`Hi ${n}`, { id: `m${n}`, conversation: chat }), when);
          case 'out':
            return office.tell('message.sent', reply(agent, `m${n}`, chat), when);
          case 'assign': {
            const assignee = n % 3 === 0 ? null : { agentId: agent };
            return office.tell('conversation.assigned', { conversation, assignee }, when);
          }
          case 'over':
            return office.tell('conversation.handed_over', { conversation }, when);
          default:
            return office.tell('conversation.closed', { conversation, by: { agentId: agent } }, when);
        }
      },
  );

const otherHappening = fc.record({ kind: fc.nat(3), agent: agents, chat: chats }).map(
  ({ kind, agent, chat }): Happening =>
    async (office, n) => {
      const caller = await office.as(agent);
      if (kind === 0) return office.store.markRead(caller, { conversationId: chat }, office.now());
      if (kind === 1) return office.store.setPreferences(caller, { assistantChats: n % 2 === 0 }, office.now());
      if (kind === 2) return office.group('support', n % 2 === 0 ? ['ana', 'ben'] : ['ana', agent]);
      return office.tell('contact.saved', { contact: { address: '+447700900001', name: `Joe ${n}` } });
    },
);

/** A device: what it has read of the stream so far, upserted by id. */
async function openDevice(office: Office, id: string) {
  const { sessionId } = await office.as(id);
  const bell = new Map<string, Notification>();
  let cursor = 0;
  return {
    bell: () => [...bell.values()].toSorted((a, b) => b.seq - a.seq),
    async read(limit: number): Promise<boolean> {
      const read = await office.store.changes(sessionId, cursor, limit, office.now());
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
          const office = await openOffice(test.office.store, `devices-${businesses}`);
          const ids = ['ana', 'ben', 'fay'];
          const devices = await Promise.all(ids.map((id) => openDevice(office, id)));
          for (const [n, happens] of happenings.entries()) {
            await happens(office, n);
            await devices[n % devices.length]?.read(limit);
          }
          for (const [index, id] of ids.entries()) {
            const device = devices[index]!;
            while (await device.read(limit));
            const { items, unread } = await office.store.notifications(await office.as(id), { limit: 1000 });
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
