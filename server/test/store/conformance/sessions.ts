import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { DAY, HOUR, openOffice, tokenOf } from './office.ts';

export function sessionsConformance(make: Make): void {
  describe('sessions', () => {
    const test = eachTest(make);

    const callerOf = (n: number) => test.office.store.callerOf(tokenOf('acme', 'ana', n), test.office.now());

    it('are listed for their agent, the current one marked', async () => {
      const { office } = test;
      const work = await office.signIn('ana', 'Chrome on Windows');
      office.wait(HOUR);
      const home = await office.signIn('ana', 'Chrome on Linux');
      await office.signIn('ben');
      const then = new Date(office.now() - HOUR).toISOString();
      const now = new Date(office.now()).toISOString();
      expect(await office.store.sessions(home)).toEqual([
        { id: work.sessionId, device: 'Chrome on Windows', createdAt: then, lastUsedAt: then, current: false },
        { id: home.sessionId, device: 'Chrome on Linux', createdAt: now, lastUsedAt: now, current: true },
      ]);
    });

    it('live 90 days from their last use', async () => {
      const { office } = test;
      const caller = await office.signIn('ana');
      office.wait(89 * DAY);
      expect(await callerOf(1)).toEqual(caller);
      expect((await office.store.sessions(caller))[0]?.lastUsedAt).toBe(new Date(office.now()).toISOString());
      office.wait(89 * DAY);
      expect(await callerOf(1)).toEqual(caller);
      office.wait(90 * DAY);
      expect(await callerOf(1)).toBeNull();
      const next = await office.signIn('ana');
      expect(await office.store.sessions(next)).toHaveLength(1);
    });

    it('end when their agent gets another email, by an event, and touch the agent', async () => {
      const { office } = test;
      const work = await office.signIn('ana');
      const home = await office.signIn('ana');
      const ben = await office.signIn('ben');
      const affected = await office.agent('ana', { email: 'maria@example.com' });
      expect(affected.agents).toContain(work.agentKey);
      expect([await callerOf(1), await callerOf(2)]).toEqual([null, null]);
      for (const { sessionId } of [work, home]) {
        expect(await office.store.changes(sessionId, 0, 10, office.now())).toEqual({ outcome: 'ended' });
      }
      expect(await office.store.sessions(ben)).toHaveLength(1);
    });

    it('stay when name, role or the case of the email change, or when an older save arrives late', async () => {
      const { office } = test;
      await office.signIn('ana');
      const late = office.now();
      await office.agent('ana', { name: 'Ana Maria', role: 'admin', email: 'ANA@example.com' });
      await office.agent('ana', { email: 'former@example.com' }, { at: late - HOUR });
      expect(await callerOf(1)).toMatchObject({ agent: { name: 'Ana Maria', email: 'ANA@example.com' } });
    });

    it('end at once when revoked, and touch their agent', async () => {
      const { office } = test;
      const work = await office.signIn('ana');
      const home = await office.signIn('ana');
      const affected = { agents: [work.agentKey], groups: [] };
      expect(await office.store.endSession(home, work.sessionId)).toEqual({ ended: true, affected });
      expect(await callerOf(1)).toBeNull();
      expect(await callerOf(2)).toEqual(home);
      const nothing = { ended: false, affected: { agents: [], groups: [] } };
      expect(await office.store.endSession(home, work.sessionId)).toEqual(nothing);
    });

    it('of another agent cannot be ended', async () => {
      const { office } = test;
      const [ana, ben] = [await office.signIn('ana'), await office.signIn('ben')];
      expect(await office.store.endSession(ben, ana.sessionId)).toMatchObject({ ended: false });
      expect(await callerOf(1)).toEqual(ana);
    });

    it('all end when the operator signs the agent out', async () => {
      const { office } = test;
      const ana = await office.signIn('ana');
      await office.signIn('ana');
      const other = await openOffice(office.store, 'other');
      const elsewhere = await other.signIn('ana');
      const affected = { agents: [ana.agentKey], groups: [] };
      expect(await office.store.signOut('acme', 'ana')).toEqual({ found: true, ended: 2, affected });
      expect(await callerOf(1)).toBeNull();
      expect(await callerOf(2)).toBeNull();
      expect(await office.store.callerOf(tokenOf('other', 'ana', 1), other.now())).toEqual(elsewhere);
      expect(await office.store.signOut('acme', 'nobody')).toMatchObject({ found: false, ended: 0 });
    });

    it('survive a restart', async () => {
      const { office, made } = test;
      const ana = await office.signIn('ana');
      office.store = await made.reopen();
      expect(await callerOf(1)).toEqual(ana);
      expect(await office.store.callerOf('nothing', office.now())).toBeNull();
    });
  });
}
