import { SNAPSHOT_LATEST } from '@converso/shared';
import { describe, expect, it } from 'vitest';
import { KEPT_FOR, PRUNED_KINDS, type PrunedKind } from '../../../src/domain/retention.ts';
import { slotsBetween } from '../../../src/domain/slots.ts';
import { planSlot } from '../../../src/domain/unreplied.ts';
import type { SlotOf } from '../../../src/ports/digest-store.ts';
import type { SweepCursor } from '../../../src/ports/retention-store.ts';
import type { Store } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { DAY, HOUR, type Office, openOffice, received, reply, SECOND } from './office.ts';

const MINUTE = 60 * SECOND;
const LIMIT = 7;

/** Sweeps through one kind at the fixture's time; returns how many rows were removed. No batch exceeds its limit. */
async function sweep({ store, now }: Office, kind: PrunedKind, limit = LIMIT): Promise<number> {
  let total = 0;
  for (let after: SweepCursor | null = null; ; ) {
    const { removed, next } = await store.prune({ kind, now: now(), before: now() - KEPT_FOR[kind], after, limit });
    expect(removed).toBeLessThanOrEqual(limit);
    total += removed;
    if (next === null) return total;
    after = next;
  }
}

/** Sweeps through all kinds; returns how many rows were removed, by kind. */
async function sweepAll(office: Office): Promise<Partial<Record<PrunedKind, number>>> {
  const removed: Partial<Record<PrunedKind, number>> = {};
  for (const kind of PRUNED_KINDS) {
    const count = await sweep(office, kind);
    if (count > 0) removed[kind] = count;
  }
  return removed;
}

/** Chats of which each agent of the team has an ended notification. */
async function endedChats(office: Office, name: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await office.message('Hi', { conversation: `${name}-${n}` });
    await office.tell('message.sent', reply('ben', `${name}-r${n}`, `${name}-${n}`));
  }
}

/** The first slot of a business after a moment. */
const slotAfter = (businessId: string, moment: number): SlotOf => {
  const slot = slotsBetween('Europe/London', moment, moment + 3 * DAY)[0]!;
  return { businessId, timeZone: 'Europe/London', slot };
};

/** Runs the next slot, and settles its emails; returns who gets what. */
async function nextSlot(office: Office, { settled = true } = {}): Promise<Record<string, string[]>> {
  const { store, businessId } = office;
  const slot = slotAfter(businessId, office.now());
  const { at } = slot.slot;
  office.wait(at - office.now());
  expect(await store.claimSlot(slot, at)).toBe(true);
  const emails: Record<string, string[]> = {};
  for (;;) {
    const compose = () => ({ to: 'a@example.com', subject: '', text: '', html: '' });
    const frozen = await store.freezeBatch({
      slot,
      now: at,
      at,
      unrepliedAfter: 15 * MINUTE,
      limit: 1,
      perBatch: 1,
      ceiling: 1000,
      plan: planSlot,
      compose,
    });
    if (frozen.outcome === 'finished') return emails;
    for (const { agent, conversations } of frozen.digests) emails[agent.id] = conversations.map(({ id }) => id);
    if (settled) await settle(store, at);
  }
}

async function settle(store: Store, at: number): Promise<void> {
  const batch = await store.leaseBatch(at, MINUTE, 'resend');
  await store.settleBatch(
    batch!,
    batch!.emails.map(() => ({ outcome: 'sent' })),
  );
}

export function retentionConformance(make: Make): void {
  describe('what is pruned', () => {
    const test = eachTest(make);

    const changes = async (id: string, cursor: number) => {
      const { store, as, now } = test.office;
      return (await store.changes((await as(id)).sessionId, cursor, 1000, now())).outcome;
    };

    it('is nothing of a business that has just begun', async () => {
      const { office } = test;
      await endedChats(office, 'chat', 3);
      await office.message('Hello?', { conversation: 'open' });
      await nextSlot(office);
      expect(await sweepAll(office)).toEqual({});
    });

    describe('of notifications', () => {
      it('are the ended ones of more than 30 days ago, but for the latest 50', async () => {
        const { office } = test;
        await office.message('Hello?', { conversation: 'waits' });
        await endedChats(office, 'oldest', 1);
        const firstEnded = office.now();
        await endedChats(office, 'old', 19);
        await endedChats(office, 'later', SNAPSHOT_LATEST - 5);
        const before = await office.bell('ana');
        office.wait(firstEnded + 30 * DAY - office.now());
        expect(await sweep(office, 'notifications')).toBe(0);
        office.wait(HOUR);
        // Of both in the team: of the old ones all but the five that are among the latest 50.
        expect(await sweep(office, 'notifications')).toBe(2 * 15);
        const after = await office.bell('ana');
        expect(after).toEqual(before.filter(({ state }, index) => index < SNAPSHOT_LATEST || state === 'open'));
        expect(after).toHaveLength(SNAPSHOT_LATEST + 1);
        expect(await office.open('ana')).toEqual(['waits inbound 1']);
        expect(await sweep(office, 'notifications')).toBe(0);
      });

      it('are a gap to a device that has not seen their end, and none to one that has', async () => {
        const { office } = test;
        await endedChats(office, 'old', 2);
        await endedChats(office, 'later', SNAPSHOT_LATEST);
        const last = (await office.bell('ana')).find(({ conversation }) => conversation.id === 'old-1')!.seq;
        office.wait(30 * DAY + HOUR);
        await office.message('Hello again', { conversation: 'new' });
        expect(await changes('ana', last - 1)).toBe('changes');
        expect(await sweep(office, 'notifications', 1)).toBe(2 * 2);
        expect(await changes('ana', last - 1)).toBe('gap');
        expect(await changes('ana', 0)).toBe('gap');
        expect(await changes('ana', last)).toBe('changes');
        // Nobody else's devices are concerned.
        expect(await changes('fay', 0)).toBe('changes');
      });

      it('are none of what others are still shown', async () => {
        const { office } = test;
        await office.message('Hello?', { conversation: 'shared' });
        await office.store.markRead(await office.as('ana'), { conversationId: 'shared' }, office.now());
        await endedChats(office, 'later', SNAPSHOT_LATEST);
        office.wait(31 * DAY);
        expect(await sweep(office, 'notifications')).toBe(1);
        expect(await office.open('ben')).toEqual(['shared inbound 1']);
        await office.store.markRead(await office.as('ben'), { conversationId: 'shared' }, office.now());
        const [read] = await office.bell('ben');
        expect(read).toMatchObject({ state: 'read', message: { text: 'Hello?' }, conversation: { id: 'shared' } });
      });

      it('take nothing from those of others that ended later', async () => {
        const { office } = test;
        const [ana, ben] = [await office.as('ana'), await office.as('ben')];
        await office.message('Hello?', { conversation: 'shared' });
        await office.store.markRead(ana, { conversationId: 'shared' }, office.now());
        await endedChats(office, 'later', SNAPSHOT_LATEST);
        office.wait(20 * DAY);
        await office.store.markRead(ben, { conversationId: 'shared' }, office.now());
        office.wait(11 * DAY);
        // Of Ana's the shared one, of Ben's the first of the later ones.
        expect(await sweep(office, 'notifications')).toBe(2);
        const [read] = await office.bell('ben');
        expect(read).toMatchObject({ state: 'read', message: { text: 'Hello?' }, conversation: { id: 'shared' } });
      });

      it('are none that a clock running ahead has dated, and what is older goes all the same', async () => {
        const { office } = test;
        const began = office.now();
        await office.message('Hi', { conversation: 'ahead' });
        office.wait(400 * DAY);
        await office.store.markRead(await office.as('ana'), { conversationId: 'ahead' }, office.now());
        office.wait(began - office.now());
        await endedChats(office, 'old', SNAPSHOT_LATEST + 3);
        office.wait(31 * DAY);
        expect(await sweep(office, 'notifications')).toBe(2 * 3);
        expect((await office.bell('ana')).map(({ conversation }) => conversation.id)).toContain('ahead');
      });
    });

    describe('of webhook ids', () => {
      it('are those of more than 30 days ago; a message that is then sent again is still not said twice', async () => {
        const { office } = test;
        const { store } = office;
        await office.message('Hello?', { id: 'm1' }, { id: 'first' });
        await office.tell('message.sent', reply('ben', 'r1'), { id: 'second' });
        office.wait(30 * DAY);
        await office.message('Still there?', { id: 'm2' }, { id: 'third' });
        expect(await sweep(office, 'events')).toBeGreaterThanOrEqual(2);
        const bell = await office.bell('ana');
        for (const again of ['second', 'third']) {
          const event = await office.event('message.sent', reply('ben', 'r1'), { id: again });
          expect(event.outcome).toBe(again === 'third' ? 'duplicate' : 'stored');
        }
        await office.tell('message.received', received('Hello?', { id: 'm1' }), { id: 'first' });
        expect(await office.bell('ana')).toEqual(bell);
        const thread = await store.conversation(await office.as('ana'), 'c1');
        expect(thread?.entries).toHaveLength(3);
      });
    });

    describe('of the ledger of emails', () => {
      const QUARTER = 91 * DAY;

      it('is nothing of a message that still waits, so that it is not emailed twice', async () => {
        const { office } = test;
        await office.message();
        expect(await nextSlot(office)).toEqual({ ana: ['c1'], ben: ['c1'] });
        office.wait(QUARTER);
        expect(await sweep(office, 'ledger')).toBe(0);
        office.wait(400 * DAY);
        expect(await sweepAll(office)).not.toHaveProperty('digests');
        expect(await nextSlot(office)).toEqual({});
      });

      it('is nothing of a chat that was closed unanswered, for reopened it waits as before', async () => {
        const { office } = test;
        const conversation = { id: 'c1' };
        await office.message();
        await nextSlot(office);
        await office.tell('conversation.closed', { conversation });
        office.wait(QUARTER);
        expect(await sweep(office, 'ledger')).toBe(0);
        await office.tell('conversation.reopened', { conversation });
        office.wait(HOUR);
        expect(await nextSlot(office)).toEqual({});
      });

      it('is the message that a newer one has replaced, and the newer one is emailed', async () => {
        const { office } = test;
        await office.message('one');
        await nextSlot(office);
        office.wait(QUARTER);
        await office.message('two');
        office.wait(HOUR);
        expect(await sweep(office, 'ledger')).toBe(2);
        expect(await nextSlot(office)).toEqual({ ana: ['c1'], ben: ['c1'] });
        expect(await sweep(office, 'ledger')).toBe(0);
        expect(await nextSlot(office)).toEqual({});
      });

      it('is the message that was answered, 90 days later', async () => {
        const { office } = test;
        await office.message();
        await nextSlot(office);
        const emailed = office.now();
        await office.tell('message.sent', reply('ben', 'r1'));
        office.wait(emailed + KEPT_FOR.ledger - office.now());
        expect(await sweep(office, 'ledger')).toBe(0);
        office.wait(1);
        expect(await sweep(office, 'ledger')).toBe(2);
        await office.tell('conversation.closed', { conversation: { id: 'c1' } });
        await office.tell('conversation.reopened', { conversation: { id: 'c1' } });
        office.wait(HOUR);
        expect(await nextSlot(office)).toEqual({});
      });

      it('is nothing of an email that is on its way', async () => {
        const { office } = test;
        await office.message();
        await nextSlot(office, { settled: false });
        await office.tell('message.sent', reply('ben', 'r1'));
        office.wait(500 * DAY);
        const removed = await sweepAll(office);
        expect(removed).not.toHaveProperty('ledger');
        expect(removed).not.toHaveProperty('digests');
        expect(removed).not.toHaveProperty('slots');
        expect(await office.store.batchesWaiting()).toBe(2);
      });
    });

    describe('of slots and their emails', () => {
      it('are those of more than 400 days ago that the ledger needs no more', async () => {
        const { office } = test;
        await office.message();
        const eleven = slotAfter(office.businessId, office.now());
        await nextSlot(office);
        await office.tell('message.sent', reply('ben', 'r1'));
        const fourteen = slotAfter(office.businessId, office.now());
        await nextSlot(office);
        office.wait(eleven.slot.at + KEPT_FOR.slots + 1 - office.now());
        expect(await sweepAll(office)).toMatchObject({ ledger: 2, digests: 2, slots: 1 });
        expect(await office.store.slotRecord(eleven)).toBeNull();
        expect(await office.store.slotRecord(fourteen)).not.toBeNull();
        expect(await office.store.slotClocks(office.now())).toMatchObject([{ lastSlotAt: fourteen.slot.at }]);
      });

      it('are none that run, or were run long after their time', async () => {
        const { office } = test;
        const { store, businessId } = office;
        const running = slotAfter(businessId, office.now());
        const late = slotAfter(businessId, running.slot.at);
        await store.claimSlot(running, running.slot.at);
        await store.skipSlot(late, 'too_late', late.slot.at + DAY);
        office.wait(500 * DAY);
        expect(await store.claimSlot(late, office.now(), true)).toBe(true);
        await store.abandonSlot(late, 'too_late', office.now());
        expect(await sweep(office, 'slots')).toBe(0);
        expect(await store.runningSlots()).toHaveLength(1);
      });
    });

    describe('of what waits for its conversation', () => {
      const early = { conversation: { id: 'c9' }, by: { agentId: 'ana' }, message: { id: 'r9', text: 'Hi!' } };

      it('is what nobody came for in a day', async () => {
        const { office } = test;
        await office.tell('message.sent', early);
        office.wait(DAY);
        expect(await sweep(office, 'pending')).toBe(0);
        office.wait(1);
        expect(await sweep(office, 'pending')).toBe(1);
      });

      it('is not what is sent anew after a day', async () => {
        const { office } = test;
        await office.tell('message.sent', early);
        office.wait(DAY + HOUR);
        await office.tell('message.sent', early);
        expect(await sweep(office, 'pending')).toBe(0);
        await office.message('Hello?', { conversation: 'c9' });
        const thread = await office.store.conversation(await office.as('ana'), 'c9');
        expect(thread?.entries.map(({ id }) => id)).toContain('m:r9');
      });
    });

    describe('of sign-ins', () => {
      it('are codes that have expired and sessions that were not used for 90 days', async () => {
        const { office } = test;
        const { store } = office;
        await store.putCode({
          email: 'x@example.com',
          codeHash: 'x',
          expiresAt: office.now() + MINUTE,
          now: office.now(),
        });
        await office.signIn('ana');
        office.wait(DAY);
        const ben = await office.signIn('ben');
        office.wait(90 * DAY);
        expect(await sweep(office, 'codes')).toBe(1);
        expect(await sweep(office, 'sessions')).toBe(1);
        expect((await store.figures()).sessions).toBe(1);
        office.wait(1);
        expect(await sweep(office, 'sessions')).toBe(1);
        expect(await store.snapshot(ben.sessionId, office.now())).toEqual({ outcome: 'ended' });
      });

      it('are no codes and sessions in use', async () => {
        const { office } = test;
        await office.store.putCode({
          email: 'ana@example.com',
          codeHash: 'x',
          expiresAt: office.now() + MINUTE,
          now: office.now(),
        });
        await office.as('ben');
        expect(await sweep(office, 'codes')).toBe(0);
        expect(await sweep(office, 'sessions')).toBe(0);
      });
    });

    it('goes once when several sweep at the same time, in every business', async () => {
      const { office } = test;
      await openOffice(office.store, 'other').then((other) => endedChats(other, 'old', SNAPSHOT_LATEST + 10));
      await endedChats(office, 'old', SNAPSHOT_LATEST + 10);
      office.wait(31 * DAY);
      const sweeps = await Promise.all([1, 2, 3].map((limit) => sweep(office, 'notifications', limit)));
      expect(sweeps.reduce((sum, removed) => sum + removed)).toBe(2 * 2 * 10);
      expect(await office.bell('ana')).toHaveLength(SNAPSHOT_LATEST);
    });
  });
}
