import { SNAPSHOT_LATEST } from '@converso/shared';
import { describe, expect, it } from 'vitest';
import { KEPT_FOR, PRUNED_KINDS, type PrunedKind } from '../../../src/domain/retention.ts';
import { slotsBetween } from '../../../src/domain/slots.ts';
import { planSlot } from '../../../src/domain/unreplied.ts';
import type { SlotOf } from '../../../src/ports/digest-store.ts';
import type { SweepCursor } from '../../../src/ports/retention-store.ts';
import type { Store } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { DAY, HOUR, openStoreFixture, received, reply, SECOND, type StoreFixture } from './store-fixture.ts';

const MINUTE = 60 * SECOND;
const LIMIT = 7;

/** Sweeps through one kind at the fixture's time; returns how many rows were removed. No batch exceeds its limit. */
async function sweep({ store, now }: StoreFixture, kind: PrunedKind, limit = LIMIT): Promise<number> {
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
async function sweepAll(fixture: StoreFixture): Promise<Partial<Record<PrunedKind, number>>> {
  const removed: Partial<Record<PrunedKind, number>> = {};
  for (const kind of PRUNED_KINDS) {
    const count = await sweep(fixture, kind);
    if (count > 0) removed[kind] = count;
  }
  return removed;
}

/** Chats of which each agent of the team has an ended notification. */
async function endedChats(fixture: StoreFixture, name: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await fixture.message('Hi', { conversation: `${name}-${n}` });
    await fixture.tell('message.sent', reply('ben', `${name}-r${n}`, `${name}-${n}`));
  }
}

/** The first slot of a business after a moment. */
const slotAfter = (businessId: string, moment: number): SlotOf => {
  const slot = slotsBetween('Europe/London', moment, moment + 3 * DAY)[0]!;
  return { businessId, timeZone: 'Europe/London', slot };
};

/** Runs the next slot, and settles its emails; returns who gets what. */
async function nextSlot(fixture: StoreFixture, { settled = true } = {}): Promise<Record<string, string[]>> {
  const { store, businessId } = fixture;
  const slot = slotAfter(businessId, fixture.now());
  const { at } = slot.slot;
  fixture.wait(at - fixture.now());
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
      const { store, as, now } = test.fixture;
      return (await store.changes((await as(id)).sessionId, cursor, 1000, now())).outcome;
    };

    it('is nothing of a business that has just begun', async () => {
      const { fixture } = test;
      await endedChats(fixture, 'chat', 3);
      await fixture.message('Hello?', { conversation: 'open' });
      await nextSlot(fixture);
      expect(await sweepAll(fixture)).toEqual({});
    });

    describe('of notifications', () => {
      it('are the ended ones of more than 30 days ago, but for the latest 50', async () => {
        const { fixture } = test;
        await fixture.message('Hello?', { conversation: 'waits' });
        await endedChats(fixture, 'oldest', 1);
        const firstEnded = fixture.now();
        await endedChats(fixture, 'old', 19);
        await endedChats(fixture, 'later', SNAPSHOT_LATEST - 5);
        const before = await fixture.bell('ana');
        fixture.wait(firstEnded + 30 * DAY - fixture.now());
        expect(await sweep(fixture, 'notifications')).toBe(0);
        fixture.wait(HOUR);
        // Of both in the team: of the old ones all but the five that are among the latest 50.
        expect(await sweep(fixture, 'notifications')).toBe(2 * 15);
        const after = await fixture.bell('ana');
        expect(after).toEqual(before.filter(({ state }, index) => index < SNAPSHOT_LATEST || state === 'open'));
        expect(after).toHaveLength(SNAPSHOT_LATEST + 1);
        expect(await fixture.open('ana')).toEqual(['waits inbound 1']);
        expect(await sweep(fixture, 'notifications')).toBe(0);
      });

      it('are a gap to a device that has not seen their end, and none to one that has', async () => {
        const { fixture } = test;
        await endedChats(fixture, 'old', 2);
        await endedChats(fixture, 'later', SNAPSHOT_LATEST);
        const last = (await fixture.bell('ana')).find(({ conversation }) => conversation.id === 'old-1')!.seq;
        fixture.wait(30 * DAY + HOUR);
        await fixture.message('Hello again', { conversation: 'new' });
        expect(await changes('ana', last - 1)).toBe('changes');
        expect(await sweep(fixture, 'notifications', 1)).toBe(2 * 2);
        expect(await changes('ana', last - 1)).toBe('gap');
        expect(await changes('ana', 0)).toBe('gap');
        expect(await changes('ana', last)).toBe('changes');
        // Nobody else's devices are concerned.
        expect(await changes('fay', 0)).toBe('changes');
      });

      it('are none of what others are still shown', async () => {
        const { fixture } = test;
        await fixture.message('Hello?', { conversation: 'shared' });
        await fixture.store.markRead(await fixture.as('ana'), { conversationId: 'shared' }, fixture.now());
        await endedChats(fixture, 'later', SNAPSHOT_LATEST);
        fixture.wait(31 * DAY);
        expect(await sweep(fixture, 'notifications')).toBe(1);
        expect(await fixture.open('ben')).toEqual(['shared inbound 1']);
        await fixture.store.markRead(await fixture.as('ben'), { conversationId: 'shared' }, fixture.now());
        const [read] = await fixture.bell('ben');
        expect(read).toMatchObject({ state: 'read', message: { text: 'Hello?' }, conversation: { id: 'shared' } });
      });

      it('take nothing from those of others that ended later', async () => {
        const { fixture } = test;
        const [ana, ben] = [await fixture.as('ana'), await fixture.as('ben')];
        await fixture.message('Hello?', { conversation: 'shared' });
        await fixture.store.markRead(ana, { conversationId: 'shared' }, fixture.now());
        await endedChats(fixture, 'later', SNAPSHOT_LATEST);
        fixture.wait(20 * DAY);
        await fixture.store.markRead(ben, { conversationId: 'shared' }, fixture.now());
        fixture.wait(11 * DAY);
        // Of Ana's the shared one, of Ben's the first of the later ones.
        expect(await sweep(fixture, 'notifications')).toBe(2);
        const [read] = await fixture.bell('ben');
        expect(read).toMatchObject({ state: 'read', message: { text: 'Hello?' }, conversation: { id: 'shared' } });
      });

      it('are none that a clock running ahead has dated, and what is older goes all the same', async () => {
        const { fixture } = test;
        const began = fixture.now();
        await fixture.message('Hi', { conversation: 'ahead' });
        fixture.wait(400 * DAY);
        await fixture.store.markRead(await fixture.as('ana'), { conversationId: 'ahead' }, fixture.now());
        fixture.wait(began - fixture.now());
        await endedChats(fixture, 'old', SNAPSHOT_LATEST + 3);
        fixture.wait(31 * DAY);
        expect(await sweep(fixture, 'notifications')).toBe(2 * 3);
        expect((await fixture.bell('ana')).map(({ conversation }) => conversation.id)).toContain('ahead');
      });
    });

    describe('of webhook ids', () => {
      it('are those of more than 30 days ago; a message that is then sent again is still not said twice', async () => {
        const { fixture } = test;
        const { store } = fixture;
        await fixture.message('Hello?', { id: 'm1' }, { id: 'first' });
        await fixture.tell('message.sent', reply('ben', 'r1'), { id: 'second' });
        fixture.wait(30 * DAY);
        await fixture.message('Still there?', { id: 'm2' }, { id: 'third' });
        expect(await sweep(fixture, 'events')).toBeGreaterThanOrEqual(2);
        const bell = await fixture.bell('ana');
        for (const again of ['second', 'third']) {
          const event = await fixture.event('message.sent', reply('ben', 'r1'), { id: again });
          expect(event.outcome).toBe(again === 'third' ? 'duplicate' : 'stored');
        }
        await fixture.tell('message.received', received('Hello?', { id: 'm1' }), { id: 'first' });
        expect(await fixture.bell('ana')).toEqual(bell);
        const thread = await store.conversation(await fixture.as('ana'), 'c1');
        expect(thread?.entries).toHaveLength(3);
      });
    });

    describe('of the ledger of emails', () => {
      const QUARTER = 91 * DAY;

      it('is nothing of a message that still waits, so that it is not emailed twice', async () => {
        const { fixture } = test;
        await fixture.message();
        expect(await nextSlot(fixture)).toEqual({ ana: ['c1'], ben: ['c1'] });
        fixture.wait(QUARTER);
        expect(await sweep(fixture, 'ledger')).toBe(0);
        fixture.wait(400 * DAY);
        expect(await sweepAll(fixture)).not.toHaveProperty('digests');
        expect(await nextSlot(fixture)).toEqual({});
      });

      it('is nothing of a chat that was closed unanswered, for reopened it waits as before', async () => {
        const { fixture } = test;
        const conversation = { id: 'c1' };
        await fixture.message();
        await nextSlot(fixture);
        await fixture.tell('conversation.closed', { conversation });
        fixture.wait(QUARTER);
        expect(await sweep(fixture, 'ledger')).toBe(0);
        await fixture.tell('conversation.reopened', { conversation });
        fixture.wait(HOUR);
        expect(await nextSlot(fixture)).toEqual({});
      });

      it('is the message that a newer one has replaced, and the newer one is emailed', async () => {
        const { fixture } = test;
        await fixture.message('one');
        await nextSlot(fixture);
        fixture.wait(QUARTER);
        await fixture.message('two');
        fixture.wait(HOUR);
        expect(await sweep(fixture, 'ledger')).toBe(2);
        expect(await nextSlot(fixture)).toEqual({ ana: ['c1'], ben: ['c1'] });
        expect(await sweep(fixture, 'ledger')).toBe(0);
        expect(await nextSlot(fixture)).toEqual({});
      });

      it('is the message that was answered, 90 days later', async () => {
        const { fixture } = test;
        await fixture.message();
        await nextSlot(fixture);
        const emailed = fixture.now();
        await fixture.tell('message.sent', reply('ben', 'r1'));
        fixture.wait(emailed + KEPT_FOR.ledger - fixture.now());
        expect(await sweep(fixture, 'ledger')).toBe(0);
        fixture.wait(1);
        expect(await sweep(fixture, 'ledger')).toBe(2);
        await fixture.tell('conversation.closed', { conversation: { id: 'c1' } });
        await fixture.tell('conversation.reopened', { conversation: { id: 'c1' } });
        fixture.wait(HOUR);
        expect(await nextSlot(fixture)).toEqual({});
      });

      it('is nothing of an email that is on its way', async () => {
        const { fixture } = test;
        await fixture.message();
        await nextSlot(fixture, { settled: false });
        await fixture.tell('message.sent', reply('ben', 'r1'));
        fixture.wait(500 * DAY);
        const removed = await sweepAll(fixture);
        expect(removed).not.toHaveProperty('ledger');
        expect(removed).not.toHaveProperty('digests');
        expect(removed).not.toHaveProperty('slots');
        expect(await fixture.store.batchesWaiting()).toBe(2);
      });
    });

    describe('of slots and their emails', () => {
      it('are those of more than 400 days ago that the ledger needs no more', async () => {
        const { fixture } = test;
        await fixture.message();
        const eleven = slotAfter(fixture.businessId, fixture.now());
        await nextSlot(fixture);
        await fixture.tell('message.sent', reply('ben', 'r1'));
        const fourteen = slotAfter(fixture.businessId, fixture.now());
        await nextSlot(fixture);
        fixture.wait(eleven.slot.at + KEPT_FOR.slots + 1 - fixture.now());
        expect(await sweepAll(fixture)).toMatchObject({ ledger: 2, digests: 2, slots: 1 });
        expect(await fixture.store.slotRecord(eleven)).toBeNull();
        expect(await fixture.store.slotRecord(fourteen)).not.toBeNull();
        expect(await fixture.store.slotClocks(fixture.now())).toMatchObject([{ lastSlotAt: fourteen.slot.at }]);
      });

      it('are none that run, or were run long after their time', async () => {
        const { fixture } = test;
        const { store, businessId } = fixture;
        const running = slotAfter(businessId, fixture.now());
        const late = slotAfter(businessId, running.slot.at);
        await store.claimSlot(running, running.slot.at);
        await store.skipSlot(late, 'too_late', late.slot.at + DAY);
        fixture.wait(500 * DAY);
        expect(await store.claimSlot(late, fixture.now(), true)).toBe(true);
        await store.abandonSlot(late, 'too_late', fixture.now());
        expect(await sweep(fixture, 'slots')).toBe(0);
        expect(await store.runningSlots()).toHaveLength(1);
      });
    });

    describe('of what waits for its conversation', () => {
      const early = { conversation: { id: 'c9' }, by: { agentId: 'ana' }, message: { id: 'r9', text: 'Hi!' } };

      it('is what nobody came for in a day', async () => {
        const { fixture } = test;
        await fixture.tell('message.sent', early);
        fixture.wait(DAY);
        expect(await sweep(fixture, 'pending')).toBe(0);
        fixture.wait(1);
        expect(await sweep(fixture, 'pending')).toBe(1);
      });

      it('is not what is sent anew after a day', async () => {
        const { fixture } = test;
        await fixture.tell('message.sent', early);
        fixture.wait(DAY + HOUR);
        await fixture.tell('message.sent', early);
        expect(await sweep(fixture, 'pending')).toBe(0);
        await fixture.message('Hello?', { conversation: 'c9' });
        const thread = await fixture.store.conversation(await fixture.as('ana'), 'c9');
        expect(thread?.entries.map(({ id }) => id)).toContain('m:r9');
      });
    });

    describe('of sign-ins', () => {
      it('are codes that have expired and sessions that were not used for 90 days', async () => {
        const { fixture } = test;
        const { store } = fixture;
        await store.putCode({
          email: 'x@example.com',
          codeHash: 'x',
          expiresAt: fixture.now() + MINUTE,
          now: fixture.now(),
        });
        await fixture.signIn('ana');
        fixture.wait(DAY);
        const ben = await fixture.signIn('ben');
        fixture.wait(90 * DAY);
        expect(await sweep(fixture, 'codes')).toBe(1);
        expect(await sweep(fixture, 'sessions')).toBe(1);
        expect((await store.figures()).sessions).toBe(1);
        fixture.wait(1);
        expect(await sweep(fixture, 'sessions')).toBe(1);
        expect(await store.snapshot(ben.sessionId, fixture.now())).toEqual({ outcome: 'ended' });
      });

      it('are no codes and sessions in use', async () => {
        const { fixture } = test;
        await fixture.store.putCode({
          email: 'ana@example.com',
          codeHash: 'x',
          expiresAt: fixture.now() + MINUTE,
          now: fixture.now(),
        });
        await fixture.as('ben');
        expect(await sweep(fixture, 'codes')).toBe(0);
        expect(await sweep(fixture, 'sessions')).toBe(0);
      });
    });

    it('goes once when several sweep at the same time, in every business', async () => {
      const { fixture } = test;
      await openStoreFixture(fixture.store, 'other').then((other) => endedChats(other, 'old', SNAPSHOT_LATEST + 10));
      await endedChats(fixture, 'old', SNAPSHOT_LATEST + 10);
      fixture.wait(31 * DAY);
      const sweeps = await Promise.all([1, 2, 3].map((limit) => sweep(fixture, 'notifications', limit)));
      expect(sweeps.reduce((sum, removed) => sum + removed)).toBe(2 * 2 * 10);
      expect(await fixture.bell('ana')).toHaveLength(SNAPSHOT_LATEST);
    });
  });
}
