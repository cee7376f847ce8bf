import { describe, expect, it } from 'vitest';
import type { SignInAttempt } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { openStoreFixture } from './store-fixture.ts';

export function signInConformance(make: Make): void {
  describe('signing in', () => {
    const test = eachTest(make);

    const LIFE = 5 * 60_000;
    const code = (email = 'ana@example.com', codeHash = 'right') =>
      test.fixture.store.putCode({ email, codeHash, expiresAt: test.fixture.now() + LIFE, now: test.fixture.now() });
    const attempt = (more: Partial<SignInAttempt> = {}) => {
      const { fixture } = test;
      const given = {
        email: 'ana@example.com',
        codeHash: 'right',
        device: null,
        tokenHash: 'token',
        now: fixture.now(),
      };
      return fixture.store.signIn({ ...given, ...more });
    };

    it('begins a session of that agent, by an email in any case', async () => {
      expect(await code('ANA@example.com')).toEqual({ known: true });
      const signedIn = await attempt({ email: 'Ana@Example.com', device: 'Chrome on Windows' });
      expect(signedIn).toMatchObject({
        outcome: 'signed_in',
        caller: { businessId: 'acme', agent: { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' } },
      });
      expect(await test.fixture.store.callerOf('token', test.fixture.now())).toEqual(
        signedIn.outcome === 'signed_in' && signedIn.caller,
      );
    });

    it('takes a code once', async () => {
      await code();
      expect(await attempt()).toMatchObject({ outcome: 'signed_in' });
      expect(await attempt({ tokenHash: 'another' })).toEqual({ outcome: 'refused' });
    });

    it('takes a code once also if two try at the same time', async () => {
      await code();
      const both = await Promise.all([attempt({ tokenHash: 't1' }), attempt({ tokenHash: 't2' })]);
      expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['refused', 'signed_in']);
    });

    it('spends a code by three wrong attempts, however they come', async () => {
      await code();
      await Promise.all([attempt({ codeHash: 'wrong' }), attempt({ codeHash: 'w' }), attempt({ codeHash: 'wrong' })]);
      expect(await attempt()).toEqual({ outcome: 'refused' });
    });

    it('still takes a code after two wrong attempts', async () => {
      await code();
      await attempt({ codeHash: 'wrong' });
      await attempt({ codeHash: 'wrong' });
      expect(await attempt()).toMatchObject({ outcome: 'signed_in' });
    });

    it('takes no expired code, and no former one once there is a new one', async () => {
      await code();
      test.fixture.wait(LIFE);
      expect(await attempt()).toEqual({ outcome: 'refused' });
      await code('ana@example.com', 'former');
      await code('ana@example.com', 'right');
      expect(await attempt({ codeHash: 'former' })).toEqual({ outcome: 'refused' });
      expect(await attempt()).toMatchObject({ outcome: 'signed_in' });
    });

    it('keeps codes for unknown addresses too, which sign nobody in', async () => {
      expect(await code('stranger@example.com')).toEqual({ known: false });
      expect(await attempt({ email: 'stranger@example.com' })).toEqual({ outcome: 'refused' });
      expect(await attempt({ email: 'never-asked@example.com' })).toEqual({ outcome: 'refused' });
    });

    it('asks which business, without spending the code or an attempt', async () => {
      await openStoreFixture(test.fixture.store, 'other');
      await code();
      const choose = {
        outcome: 'choose',
        businesses: [
          { id: 'acme', name: 'The acme' },
          { id: 'other', name: 'The other' },
        ],
      };
      for (let n = 0; n < 4; n += 1) expect(await attempt()).toEqual(choose);
      expect(await attempt({ businessId: 'other' })).toMatchObject({ caller: { businessId: 'other' } });
    });

    it('refuses an unknown business, which counts as an attempt', async () => {
      await code();
      for (let n = 0; n < 3; n += 1) expect(await attempt({ businessId: 'unknown' })).toEqual({ outcome: 'refused' });
      expect(await attempt()).toEqual({ outcome: 'refused' });
    });

    describe('with a challenge', () => {
      const codeOf = (challengeHash: string, codeHash = `code of ${challengeHash}`, email = 'ana@example.com') =>
        test.fixture.store.putCode({
          email,
          codeHash,
          challengeHash,
          expiresAt: test.fixture.now() + LIFE,
          now: test.fixture.now(),
        });
      const wrong = (more: Partial<SignInAttempt>) => attempt({ codeHash: 'wrong', ...more });

      it('counts attempts by challenge: a stranger neither uses up mine nor replaces my code', async () => {
        await codeOf('mine');
        await codeOf('theirs');
        for (let n = 0; n < 4; n += 1) expect(await wrong({ challengeHash: 'theirs' })).toEqual({ outcome: 'refused' });
        for (let n = 0; n < 4; n += 1) expect(await wrong({})).toEqual({ outcome: 'refused' });
        expect(await attempt({ challengeHash: 'theirs', codeHash: 'code of theirs' })).toEqual({ outcome: 'refused' });
        const signedIn = await attempt({ challengeHash: 'mine', codeHash: 'code of mine' });
        expect(signedIn).toMatchObject({ outcome: 'signed_in' });
      });

      it('spends the challenge by three wrong attempts', async () => {
        await codeOf('mine');
        for (let n = 0; n < 3; n += 1) await wrong({ challengeHash: 'mine' });
        expect(await attempt({ challengeHash: 'mine', codeHash: 'code of mine' })).toEqual({ outcome: 'refused' });
      });

      it('takes a code once, whichever way it comes back, and no older one after it', async () => {
        await codeOf('older');
        await codeOf('mine');
        const right = { challengeHash: 'mine', codeHash: 'code of mine' };
        expect(await attempt(right)).toMatchObject({ outcome: 'signed_in' });
        expect(await attempt({ ...right, tokenHash: 't2' })).toEqual({ outcome: 'refused' });
        expect(await attempt({ codeHash: 'code of mine', tokenHash: 't3' })).toEqual({ outcome: 'refused' });
        expect(await attempt({ codeHash: 'code of older', tokenHash: 't4' })).toEqual({ outcome: 'refused' });
      });

      it('refuses an unknown challenge, an expired one, and that of another address', async () => {
        await codeOf('mine');
        await codeOf('of ben', 'code of mine', 'ben@example.com');
        for (const challengeHash of ['unknown', 'of ben']) {
          expect(await attempt({ challengeHash, codeHash: 'code of mine' })).toEqual({ outcome: 'refused' });
        }
        test.fixture.wait(LIFE);
        expect(await attempt({ challengeHash: 'mine', codeHash: 'code of mine' })).toEqual({ outcome: 'refused' });
      });
    });

    it('knows no removed agent, and asks for no business that removed them', async () => {
      const other = await openStoreFixture(test.fixture.store, 'other');
      await other.tell('agent.removed', { id: 'ana' });
      await code();
      expect(await attempt()).toMatchObject({ caller: { businessId: 'acme' } });
      await test.fixture.tell('agent.removed', { id: 'ana' });
      expect(await code()).toEqual({ known: false });
      expect(await attempt()).toEqual({ outcome: 'refused' });
    });
  });
}
