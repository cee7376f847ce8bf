import { describe, expect, it } from 'vitest';
import { slotsBetween } from '../../../src/domain/slots.ts';
import { type DigestPlan, planSlot } from '../../../src/domain/unreplied.ts';
import { type Frozen, MAX_DEFER, type SlotOf } from '../../../src/ports/digest-store.ts';
import type { Transport } from '../../../src/ports/mail.ts';
import type { Store } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { assigned, DAY, emailOf, HOUR, MONDAY, type Office, present, received, reply, SECOND } from './office.ts';

const MINUTE = 60 * SECOND;
const LEASE = 2 * MINUTE;
const REPEAT_FOR = 23 * HOUR;
const ZONE = 'Europe/London';
/** Monday 11:00 in London, two hours after the business began. */
const [ELEVEN, FOURTEEN] = slotsBetween(ZONE, MONDAY, MONDAY + DAY).map(
  (slot): SlotOf => ({
    businessId: 'acme',
    timeZone: ZONE,
    slot,
  }),
) as [SlotOf, SlotOf];

const compose = ({ agent, conversations }: DigestPlan) => ({
  to: agent.email,
  subject: conversations.map(({ id }) => id).join(' '),
  text: conversations.map(({ latest }) => latest?.text).join(' '),
  html: '<p></p>',
});

const freeze = (
  store: Store,
  slot = ELEVEN,
  { now = slot.slot.at, limit = 100, perBatch = 100, ceiling = 1000 } = {},
): Promise<Frozen> =>
  store.freezeBatch({
    slot,
    now,
    at: now,
    unrepliedAfter: 15 * MINUTE,
    limit,
    perBatch,
    ceiling,
    plan: planSlot,
    compose,
  });

/** Freezes all of a slot; returns who gets what. */
async function runSlot(
  store: Store,
  slot = ELEVEN,
  { limit = 100, ceiling = 1000 } = {},
): Promise<Record<string, string[]>> {
  expect(await store.claimSlot(slot, slot.slot.at)).toBe(true);
  const emails: Record<string, string[]> = {};
  for (;;) {
    const frozen = await freeze(store, slot, { limit, ceiling });
    if (frozen.outcome === 'finished') return emails;
    for (const { agent, conversations } of frozen.digests) emails[agent.id] = conversations.map(({ id }) => id);
  }
}

const lease = (store: Store, now = ELEVEN.slot.at, by: Transport = 'resend') => store.leaseBatch(now, LEASE, by);
const SENT = { outcome: 'sent' } as const;

export function digestsConformance(make: Make): void {
  describe('slots', () => {
    const test = eachTest(make);
    const clockAt = async (now: number) => (await test.office.store.slotClocks(now))[0];

    it('are known by business, zone, and when the last one was', async () => {
      const { store } = test.office;
      const clock = { businessId: 'acme', timeZone: ZONE, createdAt: MONDAY };
      expect(await clockAt(MONDAY)).toEqual({ ...clock, lastSlotAt: null });
      await store.claimSlot(ELEVEN, ELEVEN.slot.at);
      expect(await clockAt(FOURTEEN.slot.at)).toEqual({ ...clock, lastSlotAt: ELEVEN.slot.at });
      await store.skipSlot(FOURTEEN, 'too_late', FOURTEEN.slot.at + 3 * HOUR);
      expect(await clockAt(FOURTEEN.slot.at + 3 * HOUR)).toEqual({ ...clock, lastSlotAt: FOURTEEN.slot.at });
    });

    it('email a chat that was handed over, whatever the assistant said when it gave up', async () => {
      const { office } = test;
      const conversation = { id: 'c1' };
      const farewell = (id: string) => ({
        conversation,
        by: { assistant: true as const },
        message: { id, text: 'One moment' },
      });
      await office.message('Hello?');
      await office.assign('c1', 'assistant');
      await office.tell('message.sent', farewell('f1'));
      await office.tell('conversation.handed_over', { conversation });
      await office.tell('message.sent', farewell('f2'));
      await office.assign('c1', 'ben', 'ben');
      expect(await runSlot(office.store)).toEqual({ ben: ['c1'] });
      await office.tell('message.sent', reply('ben', 'm9'));
      expect(await runSlot(office.store, FOURTEEN)).toEqual({});
    });

    it('begin once, whoever asks', async () => {
      const { store } = test.office;
      const claims = await Promise.all([1, 2, 3].map(() => store.claimSlot(ELEVEN, ELEVEN.slot.at)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await store.runningSlots()).toEqual([{ ...ELEVEN, claimedAt: ELEVEN.slot.at }]);
      expect(await freeze(store)).toEqual({ outcome: 'finished', skipped: [] });
      expect(await store.runningSlots()).toEqual([]);
      expect(await store.claimSlot(ELEVEN, ELEVEN.slot.at, true)).toBe(false);
    });

    it('that were missed are recorded once, and begin only for who insists', async () => {
      const { store } = test.office;
      const late = ELEVEN.slot.at + 3 * HOUR;
      expect(await store.slotRecord(ELEVEN)).toBeNull();
      expect(await store.skipSlot(ELEVEN, 'too_late', late)).toBe(true);
      expect(await store.slotRecord(ELEVEN)).toEqual({ status: 'skipped', reason: 'too_late', recordedAt: late });
      expect(await store.skipSlot(ELEVEN, 'too_late', late)).toBe(false);
      expect(await store.claimSlot(ELEVEN, late)).toBe(false);
      expect(await store.claimSlot(ELEVEN, late, true)).toBe(true);
      expect(await store.skipSlot(ELEVEN, 'too_late', late)).toBe(false);
    });

    it('that a fast clock recorded as missed run when they come, once it is set right', async () => {
      const { store } = test.office;
      await store.skipSlot(ELEVEN, 'too_late', ELEVEN.slot.at + 3 * DAY);
      expect(await clockAt(ELEVEN.slot.at)).toMatchObject({ lastSlotAt: null });
      expect(await store.claimSlot(ELEVEN, ELEVEN.slot.at)).toBe(true);
      expect(await store.claimSlot(ELEVEN, ELEVEN.slot.at)).toBe(false);
    });

    it('that did not finish are ended, and what they left goes to the next', async () => {
      const { office } = test;
      const { store } = office;
      await office.message('Hello?', { conversation: 'c1' });
      await store.claimSlot(ELEVEN, ELEVEN.slot.at);
      await freeze(store, ELEVEN, { limit: 1 });
      await store.abandonSlot(ELEVEN, 'too_late', ELEVEN.slot.at + 3 * HOUR);
      expect(await store.runningSlots()).toEqual([]);
      expect(await freeze(store)).toEqual({ outcome: 'finished', skipped: [] });
      expect(await runSlot(store, FOURTEEN)).toEqual({ ben: ['c1'] });
      expect(await store.batchesWaiting()).toBe(2);
    });

    it('are another after a change of zone, at the same date and hour', async () => {
      const { store } = test.office;
      await store.claimSlot(ELEVEN, ELEVEN.slot.at);
      expect(await store.setTimeZone('acme', 'Asia/Tokyo')).toBe(true);
      expect(await clockAt(ELEVEN.slot.at)).toMatchObject({ timeZone: 'Asia/Tokyo', lastSlotAt: ELEVEN.slot.at });
      expect(await store.claimSlot({ ...ELEVEN, timeZone: 'Asia/Tokyo' }, ELEVEN.slot.at)).toBe(true);
      expect(await store.setTimeZone('unknown', 'Asia/Tokyo')).toBe(false);
    });
  });

  describe('what is due', () => {
    const test = eachTest(make);
    const due = () => runSlot(test.office.store);

    it.each<[string, (office: Office) => Promise<unknown>, Record<string, string[]>]>([
      ['a WhatsApp message, to the team', (o) => o.message(), { ana: ['c1'], ben: ['c1'] }],
      ['an SMS', (o) => o.message('Hi', { channel: 'sms' }), { ana: ['c1'], ben: ['c1'] }],
      ['no webchat of a guest', (o) => o.message('Hi', { channel: 'webchat', from: { guestId: 'g' } }), {}],
      [
        'no webchat of a guest who was saved',
        async (o) => {
          await o.message('Hi', { channel: 'webchat', from: { guestId: 'g' } });
          await o.tell('contact.saved', { contact: { guestId: 'g', name: 'Guy' } });
        },
        {},
      ],
      ['an assigned one, to the assignee alone', (o) => o.message().then(() => o.assign('c1', 'ben')), { ben: ['c1'] }],
      ['an assigned one of an admin, to nobody', (o) => o.message().then(() => o.assign('c1', 'zoe')), {}],
      [
        'one that the assistant has, to the team',
        (o) => o.message().then(() => o.assign('c1', 'assistant')),
        { ana: ['c1'], ben: ['c1'] },
      ],
      ['none that was replied to', (o) => o.message().then(() => o.tell('message.sent', reply('ana', 'r1'))), {}],
      [
        'none that somebody unknown replied to',
        (o) => o.message().then(() => o.tell('message.sent', reply('stranger', 'r1'))),
        {},
      ],
      [
        'none that the assistant replied to',
        async (o) => {
          await o.message();
          const message = { id: 'r1', text: 'I can help' };
          await o.tell('message.sent', { conversation: { id: 'c1' }, by: { assistant: true }, message });
        },
        {},
      ],
      [
        'one with an automatic text and a private note since',
        async (o) => {
          await o.message();
          const conversation = { id: 'c1' };
          await o.tell('message.sent', {
            conversation,
            by: { automatic: true },
            message: { id: 'r1', text: 'We are closed' },
          });
          const note = { id: 'r2', text: 'Call him', private: true };
          await o.tell('message.sent', { conversation, by: { agentId: 'ana' }, message: note });
        },
        { ana: ['c1'], ben: ['c1'] },
      ],
      [
        'none that is closed',
        (o) => o.message().then(() => o.tell('conversation.closed', { conversation: { id: 'c1' } })),
        {},
      ],
      [
        'none that needs no reply',
        (o) => o.message().then(() => o.tell('conversation.no_reply_needed', { conversation: { id: 'c1' } })),
        {},
      ],
      [
        'one whose customer wrote again after that',
        async (o) => {
          await o.message();
          await o.tell('conversation.no_reply_needed', { conversation: { id: 'c1' } });
          await o.message('And another thing');
        },
        { ana: ['c1'], ben: ['c1'] },
      ],
      [
        'one that was reopened by the customer',
        async (o) => {
          await o.message();
          await o.tell('conversation.closed', { conversation: { id: 'c1' } });
          await o.message('Hello again');
        },
        { ana: ['c1'], ben: ['c1'] },
      ],
      [
        'none to who was removed',
        (o) => o.message().then(() => o.tell('agent.removed', { id: 'ana' })),
        { ben: ['c1'] },
      ],
      [
        'one whose assignee was removed, to the team',
        async (o) => {
          await o.message();
          await o.assign('c1', 'ana');
          await o.tell('agent.removed', { id: 'ana' });
        },
        { ben: ['c1'] },
      ],
      [
        'none to an admin in the team',
        (o) => o.agent('ana', { role: 'admin' }).then(() => o.message()),
        { ben: ['c1'] },
      ],
      [
        'none to who switched it off',
        (o) => o.message().then(() => o.store.setUnrepliedEmails('acme', 'ana', false, o.now())),
        { ben: ['c1'] },
      ],
      ['none to an empty team', (o) => o.group('support', []).then(() => o.message()), {}],
      ['none too young', (o) => o.message('Now', {}, { arrives: ELEVEN.slot.at - 14 * MINUTE }), {}],
      [
        'one just old enough',
        (o) => o.message('Now', {}, { arrives: ELEVEN.slot.at - 15 * MINUTE }),
        { ana: ['c1'], ben: ['c1'] },
      ],
      ['none that was imported', (o) => o.message('Old', {}, { at: MONDAY - 2 * DAY, arrives: MONDAY + SECOND }), {}],
    ])('%s', async (_, happen, emails) => {
      await happen(test.office);
      expect(await due()).toEqual(emails);
    });

    it('shows the latest of several, whole, and counts all of them', async () => {
      const { office } = test;
      await office.message('First');
      await office.message('Second');
      await office.message('x'.repeat(3000), { id: 'third' });
      const { conversations } = await office.store.slotFacts('acme');
      expect(conversations).toMatchObject([
        {
          id: 'c1',
          channel: 'whatsapp',
          group: { id: 'support', name: 'Support' },
          customer: { kind: 'contact', name: 'Joe', address: '+447700900001' },
          waitingSince: MONDAY + 7 * SECOND,
          latest: { id: 'third', text: 'x'.repeat(3000) },
          waiting: 3,
          assignee: null,
        },
      ]);
    });

    it('has the attachments of a message without text', async () => {
      const { office } = test;
      const attachments = [{ type: 'image', name: 'roof.jpg' }];
      const { conversation, from, message } = received('', { id: 'picture' });
      await office.tell('message.received', { conversation, from, message: { ...message, attachments } });
      const { conversations } = await office.store.slotFacts('acme');
      expect(conversations[0]?.latest).toMatchObject({ id: 'picture', text: '', attachments });
    });

    it('belongs to its business alone', async () => {
      await test.office.message();
      const { conversations, agents, teams } = await test.office.store.slotFacts('other');
      expect([conversations.length, agents.size, teams.size]).toEqual([0, 0, 0]);
    });
  });

  describe('the ledger', () => {
    const test = eachTest(make);

    it('lets nobody hear of one message twice, and everybody of the next', async () => {
      const { office } = test;
      await office.message();
      expect(await runSlot(office.store)).toEqual({ ana: ['c1'], ben: ['c1'] });
      expect(await runSlot(office.store, FOURTEEN)).toEqual({});
      office.wait(DAY);
      await office.message('Still there?');
      const [tomorrow] = slotsBetween(ZONE, office.now(), office.now() + DAY);
      expect(await runSlot(office.store, { ...ELEVEN, slot: present(tomorrow) })).toEqual({ ana: ['c1'], ben: ['c1'] });
    });

    it('lets the new assignee hear of what only the old one did', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'ben');
      expect(await runSlot(office.store)).toEqual({ ben: ['c1'] });
      await office.tell('conversation.assigned', assigned('c1', 'fay', 'ben'));
      expect(await runSlot(office.store, FOURTEEN)).toEqual({ fay: ['c1'] });
    });

    it('takes at most so many emails a batch, and nobody twice in a slot, whatever comes meanwhile', async () => {
      const { office } = test;
      const { store } = office;
      await office.message();
      await store.claimSlot(ELEVEN, ELEVEN.slot.at);
      expect(await freeze(store, ELEVEN, { limit: 1 })).toMatchObject({
        outcome: 'frozen',
        digests: [{ agent: { id: 'ana' } }],
      });
      await office.tell('message.received', received('Me too', { id: 'm-new', conversation: 'c2' }), {
        arrives: ELEVEN.slot.at - 20 * MINUTE,
      });
      expect(await freeze(store, ELEVEN, { limit: 1 })).toMatchObject({ digests: [{ agent: { id: 'ben' } }] });
      expect(await freeze(store, ELEVEN, { limit: 1 })).toMatchObject({ outcome: 'finished' });
      expect(await runSlot(store, FOURTEEN)).toEqual({ ana: ['c2'] });
    });

    it('checks again what is due when a batch is frozen', async () => {
      const { office } = test;
      await office.message();
      await office.store.claimSlot(ELEVEN, ELEVEN.slot.at);
      await freeze(office.store, ELEVEN, { limit: 1 });
      await office.tell('message.sent', reply('ana', 'r1'));
      expect(await freeze(office.store, ELEVEN, { limit: 1 })).toEqual({ outcome: 'finished', skipped: [] });
    });

    it('remembers who or what was left out, but not what was emailed just now', async () => {
      const { office } = test;
      await office.message('Hi', { channel: 'webchat', conversation: 'w1', from: { guestId: 'g' } });
      await office.message('Hi', { conversation: 'c1' });
      await office.agent('ben', { role: 'admin' });
      await office.store.claimSlot(ELEVEN, ELEVEN.slot.at);
      await freeze(office.store);
      expect(await freeze(office.store)).toEqual({
        outcome: 'finished',
        skipped: [
          { conversationId: 'w1', reason: 'channel_not_emailed' },
          { conversationId: 'c1', agentId: 'ben', reason: 'admin' },
        ],
      });
    });

    it('stops at the ceiling of the day, records who is left out, and emails them another day', async () => {
      const { office } = test;
      const { store } = office;
      await office.message();
      await office.message('Hi', { conversation: 'c2', group: 'sales' });
      expect(await runSlot(store, ELEVEN, { limit: 1, ceiling: 2 })).toEqual({ ana: ['c1'], ben: ['c1'] });
      expect(await store.emailsOn('acme', ELEVEN.slot.date)).toBe(2);
      await store.claimSlot(FOURTEEN, FOURTEEN.slot.at);
      expect(await freeze(store, FOURTEEN, { ceiling: 2 })).toEqual({
        outcome: 'finished',
        skipped: [
          { conversationId: 'c1', agentId: 'ana', reason: 'already_emailed' },
          { conversationId: 'c1', agentId: 'ben', reason: 'already_emailed' },
          { agentId: 'fay', reason: 'daily_limit' },
        ],
      });
      const [tomorrow] = slotsBetween(ZONE, MONDAY + DAY, MONDAY + 2 * DAY);
      expect(await runSlot(store, { ...ELEVEN, slot: present(tomorrow) }, { ceiling: 2 })).toEqual({ fay: ['c2'] });
    });

    it('does not count an email that was refused, nor those of other businesses and days', async () => {
      const { office } = test;
      const { store } = office;
      await office.message();
      await runSlot(store);
      await store.settleBatch(present(await lease(store)), [{ outcome: 'failed', reason: 'bad address' }, SENT]);
      expect(await store.emailsOn('acme', ELEVEN.slot.date)).toBe(1);
      expect(await store.emailsOn('other', ELEVEN.slot.date)).toBe(0);
      expect(await store.emailsOn('acme', '2026-06-02')).toBe(0);
    });

    it('survives that the store is closed and opened', async () => {
      const { office, made } = test;
      await office.message();
      await office.store.claimSlot(ELEVEN, ELEVEN.slot.at);
      await freeze(office.store, ELEVEN, { limit: 1 });
      const store = await made.reopen();
      expect(await store.runningSlots()).toEqual([{ ...ELEVEN, claimedAt: ELEVEN.slot.at }]);
      expect(await freeze(store)).toMatchObject({ digests: [{ agent: { id: 'ben' } }] });
      expect(await store.batchesWaiting()).toBe(2);
    });
  });

  describe('a batch', () => {
    const test = eachTest(make);
    /** Ana's and Ben's emails, in one batch. */
    const frozen = async (): Promise<Store> => {
      await test.office.message();
      await runSlot(test.office.store);
      return test.office.store;
    };

    it('is leased to one at a time, with the emails as they were frozen', async () => {
      const store = await frozen();
      const leases = await Promise.all([lease(store), lease(store)]);
      expect(leases[1]).toBeNull();
      const batch = present(leases[0]);
      expect(batch).toMatchObject({ attempts: 0, firstAttempt: true });
      expect(batch.emails).toEqual([
        { to: emailOf('ana'), subject: 'c1', text: 'Hello?', html: '<p></p>' },
        { to: emailOf('ben'), subject: 'c1', text: 'Hello?', html: '<p></p>' },
      ]);
      await test.office.tell('message.sent', reply('ana', 'r1'));
      expect(await lease(store, ELEVEN.slot.at + LEASE - 1)).toBeNull();
      const again = await lease(store, ELEVEN.slot.at + LEASE);
      expect(again).toEqual({ ...batch, attempts: 1, firstAttempt: false });
    });

    it('is done once settled, and settled once', async () => {
      const store = await frozen();
      const leased = present(await lease(store));
      expect(await store.settleBatch(leased, [SENT, SENT])).toBe(true);
      expect(await store.settleBatch(leased, [{ outcome: 'failed', reason: 'too late' }, SENT])).toBe(false);
      expect(await store.batchesWaiting()).toBe(0);
      expect(await lease(store, ELEVEN.slot.at + DAY)).toBeNull();
      expect(await runSlot(store, FOURTEEN)).toEqual({});
    });

    it('frees what was refused for good, and only that', async () => {
      const store = await frozen();
      await store.settleBatch(present(await lease(store)), [
        { outcome: 'failed', reason: 'bad address' },
        { outcome: 'unknown', reason: 'who knows' },
      ]);
      expect(await runSlot(store, FOURTEEN)).toEqual({ ana: ['c1'] });
    });

    it('can be put off', async () => {
      const store = await frozen();
      const leased = present(await lease(store));
      const { id } = leased;
      await store.deferBatch(leased, ELEVEN.slot.at + 15 * MINUTE, false);
      expect(await lease(store, ELEVEN.slot.at + 15 * MINUTE - 1)).toBeNull();
      expect(await lease(store, ELEVEN.slot.at + 15 * MINUTE)).toMatchObject({ id, attempts: 1, firstAttempt: false });
    });

    /** A process leases the batch and stands still; another leases it after that. */
    const outpaced = async (store: Store) => {
      const late = present(await lease(store));
      const current = present(await lease(store, ELEVEN.slot.at + LEASE));
      return { late, current };
    };

    it('is not put off by a process that stood still past its lease', async () => {
      const store = await frozen();
      const { late, current } = await outpaced(store);
      expect(await store.deferBatch(late, ELEVEN.slot.at + LEASE, true)).toBe(false);
      expect(await lease(store, ELEVEN.slot.at + LEASE)).toBeNull();
      // The other's try may have been accepted, so the batch is still one that was tried.
      expect(await store.giveUpBatches(ELEVEN.slot.at + REPEAT_FOR + 1, REPEAT_FOR)).toEqual({
        unknown: 2,
        neverAccepted: 0,
      });
      expect(await store.settleBatch(current, [SENT, SENT])).toBe(false);
    });

    it('is not settled by a process that stood still past its lease', async () => {
      const store = await frozen();
      const { late, current } = await outpaced(store);
      const refused = { outcome: 'failed', reason: 'refused' } as const;
      expect(await store.settleBatch(late, [refused, refused])).toBe(false);
      expect(await runSlot(store, FOURTEEN)).toEqual({});
      expect(await store.settleBatch(current, [SENT, SENT])).toBe(true);
      expect(await store.batchesWaiting()).toBe(0);
    });

    it('that Resend may have taken waits for Resend, whatever the server sends by since', async () => {
      const store = await frozen();
      await lease(store);
      for (const other of ['smtp', 'file'] as const) {
        expect(await lease(store, ELEVEN.slot.at + HOUR, other)).toBeNull();
      }
      expect(await store.giveUpBatches(ELEVEN.slot.at + HOUR, REPEAT_FOR)).toEqual({ unknown: 0, neverAccepted: 0 });
      expect(await lease(store, ELEVEN.slot.at + HOUR)).toMatchObject({ attempts: 1 });
    });

    it('that an SMTP server may have taken is tried by nobody again, and is unknown once its lease is over', async () => {
      const store = await frozen();
      const leased = present(await lease(store, ELEVEN.slot.at, 'smtp'));
      for (const transport of ['smtp', 'resend', 'file'] as const) {
        expect(await lease(store, ELEVEN.slot.at + HOUR, transport)).toBeNull();
      }
      const none = { unknown: 0, neverAccepted: 0 };
      expect(await store.giveUpBatches(ELEVEN.slot.at + LEASE - 1, REPEAT_FOR)).toEqual(none);
      expect(await store.giveUpBatches(ELEVEN.slot.at + LEASE, REPEAT_FOR)).toEqual({ ...none, unknown: 2 });
      expect(await store.settleBatch(leased, [SENT, SENT])).toBe(false);
      expect(await runSlot(store, FOURTEEN)).toEqual({});
    });

    it('that an SMTP server did not take may go out by anything', async () => {
      const store = await frozen();
      const leased = present(await lease(store, ELEVEN.slot.at, 'smtp'));
      expect(await store.deferBatch(leased, ELEVEN.slot.at + MINUTE, true)).toBe(true);
      expect(await store.giveUpBatches(ELEVEN.slot.at + HOUR, REPEAT_FOR)).toEqual({ unknown: 0, neverAccepted: 0 });
      expect(await lease(store, ELEVEN.slot.at + MINUTE)).toMatchObject({ attempts: 1, firstAttempt: true });
    });

    it('has as many emails as its transport takes at once', async () => {
      const { office } = test;
      await office.message();
      await office.store.claimSlot(ELEVEN, ELEVEN.slot.at);
      expect(await freeze(office.store, ELEVEN, { perBatch: 1 })).toMatchObject({ digests: [{}, {}] });
      const batches = [present(await lease(office.store)), present(await lease(office.store))];
      expect(batches.map(({ emails }) => emails.length)).toEqual([1, 1]);
      expect(new Set(batches.map(({ id }) => id)).size).toBe(2);
      await office.store.settleBatch(batches[0]!, [{ outcome: 'failed', reason: 'refused' }]);
      expect(await office.store.emailsOn('acme', ELEVEN.slot.date)).toBe(1);
    });

    it('that was put off by a clock which has been set back since is due', async () => {
      const store = await frozen();
      const leased = present(await lease(store));
      const { id } = leased;
      await store.deferBatch(leased, ELEVEN.slot.at + 15 * MINUTE, true);
      expect(await lease(store, ELEVEN.slot.at + 15 * MINUTE - MAX_DEFER)).toBeNull();
      expect(await lease(store, ELEVEN.slot.at + 15 * MINUTE - MAX_DEFER - 1)).toMatchObject({ id });
    });

    it('that was tried for too long is unknown, and nothing of it is said again', async () => {
      const store = await frozen();
      await store.deferBatch(present(await lease(store)), ELEVEN.slot.at + HOUR, false);
      await lease(store, ELEVEN.slot.at + 2 * HOUR);
      expect(await store.giveUpBatches(ELEVEN.slot.at + REPEAT_FOR, REPEAT_FOR)).toEqual({
        unknown: 0,
        neverAccepted: 0,
      });
      expect(await store.giveUpBatches(ELEVEN.slot.at + REPEAT_FOR + 1, REPEAT_FOR)).toEqual({
        unknown: 2,
        neverAccepted: 0,
      });
      expect(await store.batchesWaiting()).toBe(0);
      expect(await runSlot(store, FOURTEEN)).toEqual({});
    });

    it('whose first attempt lies hours ahead is unknown: nobody can tell how long ago it was', async () => {
      const store = await frozen();
      await lease(store);
      expect(await store.giveUpBatches(ELEVEN.slot.at - MAX_DEFER - 1, REPEAT_FOR)).toMatchObject({ unknown: 2 });
    });

    it('that was never taken was not sent, so the next slot says it', async () => {
      const store = await frozen();
      await store.deferBatch(present(await lease(store)), ELEVEN.slot.at + HOUR, true);
      expect(await store.giveUpBatches(ELEVEN.slot.at + REPEAT_FOR + 1, REPEAT_FOR)).toEqual({
        unknown: 0,
        neverAccepted: 2,
      });
      expect(await store.batchesWaiting()).toBe(0);
      expect(await runSlot(store, FOURTEEN)).toEqual({ ana: ['c1'], ben: ['c1'] });
    });
  });

  describe('an address that mail must not go to', () => {
    const test = eachTest(make);

    it('is left out wherever it is an agent’s, until the operator allows it', async () => {
      const { office } = test;
      const { store } = office;
      await office.message();
      const agents = [{ businessId: 'acme', agentId: 'ana' }];
      expect(await store.suppressMail('ANA@example.com', 'bounced')).toEqual({ agents });
      expect(await store.suppressMail('nobody@example.com', 'bounced')).toEqual({ agents: [] });
      expect(await store.agents('acme')).toMatchObject([
        { id: 'ana', mailSuppressed: 'bounced' },
        { mailSuppressed: null },
        {},
        {},
      ]);
      expect(await runSlot(store)).toEqual({ ben: ['c1'] });
      expect(await store.allowMail('acme', 'ana')).toBe(true);
      expect(await store.allowMail('acme', 'nobody')).toBe(false);
      expect(await runSlot(store, FOURTEEN)).toEqual({ ana: ['c1'] });
    });

    it('gets no sign-in code either', async () => {
      const { store, now } = test.office;
      const code = { email: 'ana@example.com', codeHash: 'x', expiresAt: now() + MINUTE, now: now() };
      await store.suppressMail('ana@example.com', 'complained');
      expect(await store.putCode(code)).toEqual({ known: false });
      await store.allowMail('acme', 'ana');
      expect(await store.putCode(code)).toEqual({ known: true });
    });

    it('is forgotten with the address, not with the name', async () => {
      const { office } = test;
      await office.store.suppressMail('ana@example.com', 'complained');
      await office.agent('ana', { name: 'Ana Maria' });
      expect(await office.store.agents('acme')).toMatchObject([{ mailSuppressed: 'complained' }, {}, {}, {}]);
      await office.agent('ana', { email: 'ana.maria@example.com' });
      expect(await office.store.agents('acme')).toMatchObject([{ mailSuppressed: null }, {}, {}, {}]);
    });
  });
}
