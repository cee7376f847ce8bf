import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { DAY, HOUR, openStoreFixture, tokenOf } from './store-fixture.ts';

export function sessionsConformance(make: Make): void {
  describe('sessions', () => {
    const test = eachTest(make);

    const callerOf = (n: number) => test.fixture.store.callerOf(tokenOf('acme', 'ana', n), test.fixture.now());

    it('are listed for their agent, the current one marked', async () => {
      const { fixture } = test;
      const work = await fixture.signIn('ana', 'Chrome on Windows');
      fixture.wait(HOUR);
      const home = await fixture.signIn('ana', 'Chrome on Linux');
      await fixture.signIn('ben');
      const then = new Date(fixture.now() - HOUR).toISOString();
      const now = new Date(fixture.now()).toISOString();
      expect(await fixture.store.sessions(home)).toEqual([
        { id: work.sessionId, device: 'Chrome on Windows', createdAt: then, lastUsedAt: then, current: false },
        { id: home.sessionId, device: 'Chrome on Linux', createdAt: now, lastUsedAt: now, current: true },
      ]);
    });

    it('live 90 days from their last use', async () => {
      const { fixture } = test;
      const caller = await fixture.signIn('ana');
      fixture.wait(89 * DAY);
      expect(await callerOf(1)).toEqual(caller);
      expect((await fixture.store.sessions(caller))[0]?.lastUsedAt).toBe(new Date(fixture.now()).toISOString());
      fixture.wait(89 * DAY);
      expect(await callerOf(1)).toEqual(caller);
      fixture.wait(90 * DAY);
      expect(await callerOf(1)).toBeNull();
      const next = await fixture.signIn('ana');
      expect(await fixture.store.sessions(next)).toHaveLength(1);
    });

    it('end when their agent gets another email, by an event, and touch the agent', async () => {
      const { fixture } = test;
      const work = await fixture.signIn('ana');
      const home = await fixture.signIn('ana');
      const ben = await fixture.signIn('ben');
      const affected = await fixture.agent('ana', { email: 'maria@example.com' });
      expect(affected.agents).toContain(work.agentKey);
      expect([await callerOf(1), await callerOf(2)]).toEqual([null, null]);
      for (const { sessionId } of [work, home]) {
        expect(await fixture.store.changes(sessionId, 0, 10, fixture.now())).toEqual({ outcome: 'ended' });
      }
      expect(await fixture.store.sessions(ben)).toHaveLength(1);
    });

    it('stay when name, role or the case of the email change, or when an older save arrives late', async () => {
      const { fixture } = test;
      await fixture.signIn('ana');
      const late = fixture.now();
      await fixture.agent('ana', { name: 'Ana Maria', role: 'admin', email: 'ANA@example.com' });
      await fixture.agent('ana', { email: 'former@example.com' }, { at: late - HOUR });
      expect(await callerOf(1)).toMatchObject({ agent: { name: 'Ana Maria', email: 'ANA@example.com' } });
    });

    it('end at once when revoked, and touch their agent', async () => {
      const { fixture } = test;
      const work = await fixture.signIn('ana');
      const home = await fixture.signIn('ana');
      const affected = { agents: [work.agentKey], groups: [] };
      expect(await fixture.store.endSession(home, work.sessionId)).toEqual({ ended: true, affected });
      expect(await callerOf(1)).toBeNull();
      expect(await callerOf(2)).toEqual(home);
      const nothing = { ended: false, affected: { agents: [], groups: [] } };
      expect(await fixture.store.endSession(home, work.sessionId)).toEqual(nothing);
    });

    it('of another agent cannot be ended', async () => {
      const { fixture } = test;
      const [ana, ben] = [await fixture.signIn('ana'), await fixture.signIn('ben')];
      expect(await fixture.store.endSession(ben, ana.sessionId)).toMatchObject({ ended: false });
      expect(await callerOf(1)).toEqual(ana);
    });

    it('all end when the operator signs the agent out', async () => {
      const { fixture } = test;
      const ana = await fixture.signIn('ana');
      await fixture.signIn('ana');
      const other = await openStoreFixture(fixture.store, 'other');
      const elsewhere = await other.signIn('ana');
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await fixture.store.signOut('acme', 'ana')).toEqual({ found: true, ended: 2, affected });
      expect(await callerOf(1)).toBeNull();
      expect(await callerOf(2)).toBeNull();
      expect(await fixture.store.callerOf(tokenOf('other', 'ana', 1), other.now())).toEqual(elsewhere);
      expect(await fixture.store.signOut('acme', 'nobody')).toMatchObject({ found: false, ended: 0 });
    });

    it('survive a restart', async () => {
      const { fixture, made } = test;
      const ana = await fixture.signIn('ana');
      fixture.store = await made.reopen();
      expect(await callerOf(1)).toEqual(ana);
      expect(await fixture.store.callerOf('nothing', fixture.now())).toBeNull();
    });
  });
}
