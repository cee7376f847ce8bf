import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, type StoreFixture } from './store-fixture.ts';

const ADDRESS = '+447700900001';

const customer = async (fixture: StoreFixture) => (await fixture.bell('ana'))[0]?.customer;

export function contactsConformance(make: Make): void {
  describe('customers', () => {
    const test = eachTest(make);

    it('become contacts by themselves on WhatsApp and SMS only', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'c1', channel: 'whatsapp', from: { address: '+1' } });
      await fixture.message('Hi', { conversation: 'c2', channel: 'sms', from: { address: '+2' } });
      await fixture.message('Hi', { conversation: 'c3', channel: 'webchat', from: { guestId: 'g3' } });
      await fixture.message('Hi', { conversation: 'c4', channel: 'telegram', from: { address: '@joe' } });
      const kinds = (await fixture.bell('ana')).map(({ conversation, customer: { kind } }) => [conversation.id, kind]);
      expect(Object.fromEntries(kinds)).toEqual({ c1: 'contact', c2: 'contact', c3: 'guest', c4: 'guest' });
    });

    it('are called what was saved, else what they sent, else nothing', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { from: { address: ADDRESS } });
      expect(await customer(fixture)).toEqual({ kind: 'contact', name: null, address: ADDRESS });
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'joe99' } });
      expect(await customer(fixture)).toMatchObject({ name: 'joe99' });
      await fixture.tell('contact.saved', { contact: { address: ADDRESS, name: 'Joseph Hall' } });
      expect(await customer(fixture)).toMatchObject({ name: 'Joseph Hall' });
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'joe100' } });
      expect(await customer(fixture)).toMatchObject({ name: 'Joseph Hall' });
    });

    it('known by two things are called by the new name wherever they are known by one', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g1' } });
      await fixture.message('Hi', { conversation: 'c2', channel: 'sms', from: { address: ADDRESS, name: 'Max' } });
      const both = { guestId: 'g1', address: ADDRESS, name: 'Max' };
      await fixture.message('Hi', { conversation: 'c3', channel: 'webchat', from: both });
      const names = (await fixture.bell('ana')).map(({ conversation, customer: { name } }) => [conversation.id, name]);
      expect(Object.fromEntries(names)).toEqual({ c1: 'Max', c2: 'Max', c3: 'Max' });
    });

    it('keep the name they sent last, whichever message arrives last', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'New' } });
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'Old' } }, { at: fixture.now() - HOUR });
      expect(await customer(fixture)).toMatchObject({ name: 'New' });
    });

    it('are restamped silently in all their open notifications when saved, and in the lists', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g1' } });
      await fixture.message('Hi', { conversation: 'c2', channel: 'webchat', from: { guestId: 'g1' } });
      await fixture.message('Hi', { conversation: 'c3', channel: 'webchat', from: { guestId: 'g2' } });
      const before = await fixture.bell('ana');
      const affected = await fixture.tell('contact.saved', { contact: { guestId: 'g1', name: 'Kim' } });
      const [ana, ben] = [await fixture.as('ana'), await fixture.as('ben')];
      expect(affected.agents.toSorted()).toEqual([ana.agentKey, ben.agentKey].toSorted());
      expect(affected.groups).toEqual(await fixture.store.groupKeys(ana));
      const after = await fixture.bell('ana');
      for (const id of ['c1', 'c2']) {
        const now = after.find(({ conversation }) => conversation.id === id);
        const then = before.find(({ conversation }) => conversation.id === id);
        expect(now).toMatchObject({ customer: { kind: 'contact', name: 'Kim' }, alert: false, messageCount: 1 });
        expect(now?.alertedSeq).toBe(then?.seq);
        expect(now?.seq).toBeGreaterThan(then!.seq);
      }
      expect(after.find(({ conversation }) => conversation.id === 'c3')).toEqual(before[0]);
    });

    it('are restamped when they send another name in another chat', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { conversation: 'c1', from: { address: ADDRESS, name: 'Joe' } });
      await fixture.message('Hi', { conversation: 'c2', from: { address: ADDRESS, name: 'Joey' } });
      const names = (await fixture.bell('ana')).map(({ customer: { name }, alert }) => [name, alert]);
      expect(names).toEqual(
        expect.arrayContaining([
          ['Joey', true],
          ['Joey', false],
        ]),
      );
    });

    it('keep a newer saved name against an older one that arrives late', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { from: { address: ADDRESS } });
      await fixture.tell('contact.saved', { contact: { address: ADDRESS, name: 'New' } });
      const late = { at: fixture.now() - HOUR };
      const affected = await fixture.tell('contact.saved', { contact: { address: ADDRESS, name: 'Old' } }, late);
      expect(affected.agents).toEqual([]);
      expect(await customer(fixture)).toMatchObject({ name: 'New' });
    });

    it('known by address and guest id are saved under both', async () => {
      const { fixture } = test;
      await fixture.tell('contact.saved', { contact: { address: '@kim', guestId: 'g7', name: 'Kim' } });
      await fixture.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g7' } });
      expect(await customer(fixture)).toEqual({ kind: 'contact', name: 'Kim', address: null });
      await fixture.message('Hi', { conversation: 'c2', channel: 'telegram', from: { address: '@kim' } });
      expect(await customer(fixture)).toEqual({ kind: 'contact', name: 'Kim', address: '@kim' });
    });

    it('have no name where nothing of it can be seen, as in a file of an older version', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { from: { address: ADDRESS, name: '\u3164' } });
      expect(await customer(fixture)).toMatchObject({ name: null, address: ADDRESS });
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'Joe' } });
      await fixture.tell('contact.saved', { contact: { address: ADDRESS, name: '\u200B' } });
      expect(await customer(fixture)).toMatchObject({ name: 'Joe' });
    });

    it('keep their name on a notification that has ended', async () => {
      const { fixture } = test;
      await fixture.message('Hi', { from: { address: ADDRESS, name: 'Joe' } });
      await fixture.assign('c1', 'ben', 'ben');
      await fixture.tell('contact.saved', { contact: { address: ADDRESS, name: 'Joseph' } });
      expect(await customer(fixture)).toMatchObject({ name: 'Joe' });
    });
  });
}
