import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { HOUR, type Office } from './office.ts';

const ADDRESS = '+447700900001';

const customer = async (office: Office) => (await office.bell('ana'))[0]?.customer;

export function contactsConformance(make: Make): void {
  describe('customers', () => {
    const test = eachTest(make);

    it('become contacts by themselves on WhatsApp and SMS only', async () => {
      const { office } = test;
      await office.message('Hi', { conversation: 'c1', channel: 'whatsapp', from: { address: '+1' } });
      await office.message('Hi', { conversation: 'c2', channel: 'sms', from: { address: '+2' } });
      await office.message('Hi', { conversation: 'c3', channel: 'webchat', from: { guestId: 'g3' } });
      await office.message('Hi', { conversation: 'c4', channel: 'telegram', from: { address: '@joe' } });
      const kinds = (await office.bell('ana')).map(({ conversation, customer: { kind } }) => [conversation.id, kind]);
      expect(Object.fromEntries(kinds)).toEqual({ c1: 'contact', c2: 'contact', c3: 'guest', c4: 'guest' });
    });

    it('are called what was saved, else what they sent, else nothing', async () => {
      const { office } = test;
      await office.message('Hi', { from: { address: ADDRESS } });
      expect(await customer(office)).toEqual({ kind: 'contact', name: null, address: ADDRESS });
      await office.message('Hi', { from: { address: ADDRESS, name: 'joe99' } });
      expect(await customer(office)).toMatchObject({ name: 'joe99' });
      await office.tell('contact.saved', { contact: { address: ADDRESS, name: 'Joseph Hall' } });
      expect(await customer(office)).toMatchObject({ name: 'Joseph Hall' });
      await office.message('Hi', { from: { address: ADDRESS, name: 'joe100' } });
      expect(await customer(office)).toMatchObject({ name: 'Joseph Hall' });
    });

    it('known by two things are called by the new name wherever they are known by one', async () => {
      const { office } = test;
      await office.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g1' } });
      await office.message('Hi', { conversation: 'c2', channel: 'sms', from: { address: ADDRESS, name: 'Max' } });
      const both = { guestId: 'g1', address: ADDRESS, name: 'Max' };
      await office.message('Hi', { conversation: 'c3', channel: 'webchat', from: both });
      const names = (await office.bell('ana')).map(({ conversation, customer: { name } }) => [conversation.id, name]);
      expect(Object.fromEntries(names)).toEqual({ c1: 'Max', c2: 'Max', c3: 'Max' });
    });

    it('keep the name they sent last, whichever message arrives last', async () => {
      const { office } = test;
      await office.message('Hi', { from: { address: ADDRESS, name: 'New' } });
      await office.message('Hi', { from: { address: ADDRESS, name: 'Old' } }, { at: office.now() - HOUR });
      expect(await customer(office)).toMatchObject({ name: 'New' });
    });

    it('are restamped silently in all their open notifications when saved, and in the lists', async () => {
      const { office } = test;
      await office.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g1' } });
      await office.message('Hi', { conversation: 'c2', channel: 'webchat', from: { guestId: 'g1' } });
      await office.message('Hi', { conversation: 'c3', channel: 'webchat', from: { guestId: 'g2' } });
      const before = await office.bell('ana');
      const affected = await office.tell('contact.saved', { contact: { guestId: 'g1', name: 'Kim' } });
      const [ana, ben] = [await office.as('ana'), await office.as('ben')];
      expect(affected.agents.toSorted()).toEqual([ana.agentKey, ben.agentKey].toSorted());
      expect(affected.groups).toEqual(await office.store.groupKeys(ana));
      const after = await office.bell('ana');
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
      const { office } = test;
      await office.message('Hi', { conversation: 'c1', from: { address: ADDRESS, name: 'Joe' } });
      await office.message('Hi', { conversation: 'c2', from: { address: ADDRESS, name: 'Joey' } });
      const names = (await office.bell('ana')).map(({ customer: { name }, alert }) => [name, alert]);
      expect(names).toEqual(
        expect.arrayContaining([
          ['Joey', true],
          ['Joey', false],
        ]),
      );
    });

    it('keep a newer saved name against an older one that arrives late', async () => {
      const { office } = test;
      await office.message('Hi', { from: { address: ADDRESS } });
      await office.tell('contact.saved', { contact: { address: ADDRESS, name: 'New' } });
      const late = { at: office.now() - HOUR };
      const affected = await office.tell('contact.saved', { contact: { address: ADDRESS, name: 'Old' } }, late);
      expect(affected.agents).toEqual([]);
      expect(await customer(office)).toMatchObject({ name: 'New' });
    });

    it('known by address and guest id are saved under both', async () => {
      const { office } = test;
      await office.tell('contact.saved', { contact: { address: '@kim', guestId: 'g7', name: 'Kim' } });
      await office.message('Hi', { conversation: 'c1', channel: 'webchat', from: { guestId: 'g7' } });
      expect(await customer(office)).toEqual({ kind: 'contact', name: 'Kim', address: null });
      await office.message('Hi', { conversation: 'c2', channel: 'telegram', from: { address: '@kim' } });
      expect(await customer(office)).toEqual({ kind: 'contact', name: 'Kim', address: '@kim' });
    });

    it('have no name where nothing of it can be seen, as in a file of an older version', async () => {
      const { office } = test;
      await office.message('Hi', { from: { address: ADDRESS, name: '\u3164' } });
      expect(await customer(office)).toMatchObject({ name: null, address: ADDRESS });
      await office.message('Hi', { from: { address: ADDRESS, name: 'Joe' } });
      await office.tell('contact.saved', { contact: { address: ADDRESS, name: '\u200B' } });
      expect(await customer(office)).toMatchObject({ name: 'Joe' });
    });

    it('keep their name on a notification that has ended', async () => {
      const { office } = test;
      await office.message('Hi', { from: { address: ADDRESS, name: 'Joe' } });
      await office.assign('c1', 'ben', 'ben');
      await office.tell('contact.saved', { contact: { address: ADDRESS, name: 'Joseph' } });
      expect(await customer(office)).toMatchObject({ name: 'Joe' });
    });
  });
}
