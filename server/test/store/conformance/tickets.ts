import { describe, expect, it } from 'vitest';
import type { TicketUse } from '../../../src/ports/store.ts';
import type { Caller } from '../../../src/ports/types.ts';
import { eachTest, type Make } from './make.ts';
import { DAY, present, SECOND, tokenOf } from './store-fixture.ts';

const LIFE = 30 * SECOND;

export function ticketsConformance(make: Make): void {
  describe('tickets', () => {
    const test = eachTest(make);

    const put = (caller: Caller, ticketHash = 'ticket') =>
      test.fixture.store.putTicket(caller, {
        ticketHash,
        expiresAt: test.fixture.now() + LIFE,
        now: test.fixture.now(),
      });
    const use = (more: Partial<TicketUse> = {}) =>
      test.fixture.store.useTicket({ ticketHash: 'ticket', tokenHash: 'inbox', now: test.fixture.now(), ...more });
    const callerOf = (tokenHash: string) => test.fixture.store.callerOf(tokenHash, test.fixture.now());
    const nobody = { agents: [], groups: [] };

    it('sign one browser in as the agent who asked, once', async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana', 'Chrome on Windows');
      await put(ana);
      const used = await use();
      expect(used).toMatchObject({ outcome: 'signed_in', affected: nobody });
      const inbox = present(await callerOf('inbox'));
      expect(inbox).toEqual({ ...ana, sessionId: inbox.sessionId });
      expect(inbox.sessionId).not.toBe(ana.sessionId);
      expect((await fixture.store.sessions(ana)).map(({ device }) => device).toSorted()).toEqual([
        'Chrome on Windows',
        'Inbox in Chrome on Windows',
      ]);
      expect(await use({ tokenHash: 'second' })).toEqual({ outcome: 'refused' });
      expect(await callerOf('second')).toBeNull();
    });

    it('are refused when they are unknown', async () => {
      expect(await use()).toEqual({ outcome: 'refused' });
      expect(await callerOf('inbox')).toBeNull();
    });

    it('are refused after their time, and were good until then', async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana');
      await put(ana, 'early');
      await put(ana, 'late');
      fixture.wait(LIFE - 1);
      expect(await use({ ticketHash: 'early' })).toMatchObject({ outcome: 'signed_in' });
      fixture.wait(1);
      expect(await use({ ticketHash: 'late', tokenHash: 'second' })).toEqual({ outcome: 'refused' });
    });

    it('that have expired do not stop a newer one', async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana');
      await put(ana, 'old');
      fixture.wait(LIFE);
      await put(ana);
      expect(await use({ ticketHash: 'old' })).toEqual({ outcome: 'refused' });
      expect(await use()).toMatchObject({ outcome: 'signed_in' });
    });

    it('of one session hold beside each other', async () => {
      const ana = await test.fixture.signIn('ana');
      await put(ana, 'first');
      await put(ana, 'second');
      expect(await use({ ticketHash: 'first', tokenHash: 'a' })).toMatchObject({ outcome: 'signed_in' });
      expect(await use({ ticketHash: 'second', tokenHash: 'b' })).toMatchObject({ outcome: 'signed_in' });
    });

    it('end with the session that asked for them', async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana');
      await put(ana);
      await fixture.store.endSession(ana, ana.sessionId);
      expect(await use()).toEqual({ outcome: 'refused' });
    });

    it('are refused when the session that asked for them has expired or its agent is removed', async () => {
      const { fixture } = test;
      const [ana, ben] = [await fixture.signIn('ana'), await fixture.signIn('ben')];
      fixture.wait(90 * DAY);
      await put(ana);
      expect(await use()).toEqual({ outcome: 'refused' });
      await put(ben, 'of ben');
      await fixture.tell('agent.removed', { id: 'ben' });
      expect(await use({ ticketHash: 'of ben' })).toEqual({ outcome: 'refused' });
    });

    it('leave a browser that is signed in as the same agent as it is', async () => {
      const { fixture } = test;
      const [ana] = [await fixture.signIn('ana'), await fixture.signIn('ana')];
      await put(ana);
      const currentTokenHash = tokenOf('acme', 'ana', 2);
      expect(await use({ currentTokenHash })).toEqual({ outcome: 'signed_in_already' });
      expect(await callerOf('inbox')).toBeNull();
      expect(await fixture.store.sessions(ana)).toHaveLength(2);
      expect(await use()).toEqual({ outcome: 'refused' });
    });

    it('end the session of another agent in that browser, which nobody could use any more', async () => {
      const { fixture } = test;
      const [ana, ben] = [await fixture.signIn('ana'), await fixture.signIn('ben')];
      await put(ana);
      const used = await use({ currentTokenHash: tokenOf('acme', 'ben', 2) });
      expect(used).toMatchObject({ outcome: 'signed_in', affected: { agents: [ben.agentKey], groups: [] } });
      expect(await callerOf(tokenOf('acme', 'ben', 2))).toBeNull();
      expect(await fixture.store.changes(ben.sessionId, 0, 10, fixture.now())).toEqual({ outcome: 'ended' });
    });

    it('sign in also where the session of the browser has ended', async () => {
      await put(await test.fixture.signIn('ana'));
      expect(await use({ currentTokenHash: 'gone' })).toMatchObject({ outcome: 'signed_in', affected: nobody });
    });

    it('survive a restart', async () => {
      const { fixture, made } = test;
      await put(await fixture.signIn('ana'));
      fixture.store = await made.reopen();
      expect(await use()).toMatchObject({ outcome: 'signed_in' });
    });
  });

  describe('a session that a ticket began', () => {
    const test = eachTest(make);

    const begin = async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana');
      const now = fixture.now();
      await fixture.store.putTicket(ana, { ticketHash: 'ticket', expiresAt: now + LIFE, now });
      await fixture.store.useTicket({ ticketHash: 'ticket', tokenHash: 'inbox', now });
      const inbox = present(await fixture.store.callerOf('inbox', now));
      return { fixture, ana, inbox, isThere: async () => (await fixture.store.callerOf('inbox', now)) !== null };
    };

    it('ends with the one that asked for the ticket', async () => {
      const { fixture, ana, inbox, isThere } = await begin();
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await fixture.store.endSession(ana, ana.sessionId)).toEqual({ ended: true, affected });
      expect(await isThere()).toBe(false);
      expect(await fixture.store.changes(inbox.sessionId, 0, 10, fixture.now())).toEqual({ outcome: 'ended' });
    });

    it('leaves that one when it ends by itself', async () => {
      const { fixture, ana, inbox } = await begin();
      await fixture.store.endSession(inbox, inbox.sessionId);
      expect(await fixture.store.callerOf(tokenOf('acme', 'ana', 1), fixture.now())).toEqual(ana);
    });

    it('is counted when the operator signs the agent out', async () => {
      const { fixture, isThere } = await begin();
      expect(await fixture.store.signOut('acme', 'ana')).toMatchObject({ ended: 2 });
      expect(await isThere()).toBe(false);
    });
  });
}
