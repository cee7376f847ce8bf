import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { DAY, MONDAY } from './office.ts';

export function operateConformance(make: Make): void {
  describe('the operator', () => {
    const test = eachTest(make);

    it('adds businesses, each once, with an id of its own or one that is made', async () => {
      const { store } = test.office;
      const more = { name: 'Second', timeZone: 'Asia/Tokyo', secret: 'whsec_2', now: MONDAY + 1 };
      const made = await store.addBusiness(more);
      expect(made).toMatchObject({ outcome: 'added', secret: 'whsec_2' });
      const again = { ...more, id: 'acme', secret: 'whsec_3' };
      expect(await store.addBusiness(again)).toEqual({ outcome: 'exists', id: 'acme', secret: 'whsec_1' });
      expect(await store.businesses()).toEqual([
        { id: 'acme', name: 'The acme', timeZone: 'Europe/London', createdAt: MONDAY },
        { id: made.id, name: 'Second', timeZone: 'Asia/Tokyo', createdAt: MONDAY + 1 },
      ]);
    });

    it('rotates a secret; the old one holds as long as was said', async () => {
      const { store, now } = test.office;
      const until = now() + DAY;
      expect(await store.rotateSecret('acme', 'whsec_2', until)).toBe(true);
      expect(await store.signingSecrets('acme', now())).toEqual(['whsec_2', 'whsec_1']);
      expect(await store.signingSecrets('acme', until)).toEqual(['whsec_2']);
      expect(await store.rotateSecret('unknown', 'whsec_2', until)).toBe(false);
      expect(await store.signingSecrets('unknown', now())).toEqual([]);
    });

    it('rotates a secret at once: no former one holds, whatever the clock says', async () => {
      const { store, now } = test.office;
      await store.rotateSecret('acme', 'whsec_2', now() + DAY);
      expect(await store.rotateSecret('acme', 'whsec_3', null)).toBe(true);
      expect(await store.signingSecrets('acme', 0)).toEqual(['whsec_3']);
    });

    it('sees agents with what matters to them', async () => {
      const { office } = test;
      await office.tell('agent.removed', { id: 'ben' });
      expect(await office.store.agents('acme')).toMatchObject([
        {
          id: 'ana',
          name: 'Ana',
          email: 'ana@example.com',
          role: 'agent',
          active: true,
          preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
          lastConnectedAt: null,
          mailSuppressed: null,
          groups: ['support'],
        },
        { id: 'ben', active: false },
        { id: 'fay', groups: ['sales'] },
        { id: 'zoe', role: 'admin', groups: [] },
      ]);
      expect(await office.store.agents('unknown')).toEqual([]);
    });

    it('sees groups with their team and what is open', async () => {
      const { office } = test;
      await office.message();
      expect(await office.store.groups('acme')).toEqual([
        { id: 'sales', name: 'Sales', agentIds: ['fay'], openConversations: 0 },
        { id: 'support', name: 'Support', agentIds: ['ana', 'ben'], openConversations: 1 },
      ]);
    });

    it("switches an agent's emails off by link, and all their devices learn it", async () => {
      const { office } = test;
      const ana = await office.as('ana');
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await office.store.setUnrepliedEmails('acme', 'ana', false, office.now())).toEqual({ affected });
      expect(await office.store.me(ana)).toMatchObject({ preferences: { unrepliedEmails: false } });
      expect(await office.store.changes(ana.sessionId, 0, 10, office.now())).toMatchObject({
        changes: [{ type: 'preferences', preferences: { unrepliedEmails: false } }],
      });
      const nobody = { affected: { agents: [], groups: [] } };
      expect(await office.store.setUnrepliedEmails('acme', 'ana', false, office.now())).toEqual(nobody);
      expect(await office.store.setUnrepliedEmails('acme', 'unknown', false, office.now())).toEqual(nobody);
    });

    it('can check the store and count what is in it', async () => {
      const { office } = test;
      await office.message();
      await office.as('ana');
      await expect(office.store.check()).resolves.toBeUndefined();
      expect(await office.store.figures()).toEqual({
        businesses: 1,
        agents: 4,
        openConversations: 1,
        openNotifications: 2,
        sessions: 1,
      });
    });
  });
}
