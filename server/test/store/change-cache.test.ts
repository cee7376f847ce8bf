import { beforeEach, describe, expect, it } from 'vitest';
import { type ChangeCache, createChangeCache } from '../../src/store/sqlite/change-cache.ts';
import type { Revision } from '../../src/store/sqlite/unit-of-work.ts';

const NOW = Date.UTC(2026, 5, 1, 9);
const ANA = 1;
const BEN = 2;

const revision = (seq: number, agentKey = ANA): Revision => ({
  agentKey,
  perAgent: { id: `n${seq}`, seq, alertedSeq: seq },
  unread: seq,
  common: '"why":"team"',
});

describe('the change cache', () => {
  let cache: ChangeCache;
  let elapsed: number;
  const seqsAfter = (cursor: number, { session = 'ana', now = NOW, limit = 10 } = {}) => {
    const read = cache.after(session, cursor, limit, now);
    return read?.outcome === 'changes' ? read.changes.map(({ seq }) => seq) : null;
  };

  beforeEach(() => {
    elapsed = 0;
    cache = createChangeCache(() => elapsed);
    cache.watch('ana', ANA, NOW);
  });

  it('is what comes after a cursor that it reaches back to, with the count of the last of it; who has seen all reads', () => {
    cache.publish([revision(5), revision(6)]);
    cache.publish([revision(7)]);
    expect(cache.after('ana', 4, 10, NOW)).toMatchObject({ unread: 7, cursor: 7, more: false });
    expect([4, 5, 6, 7].map((cursor) => seqsAfter(cursor))).toEqual([[5, 6, 7], [6, 7], [7], null]);
  });

  it('is cut at the limit, and goes on from there', () => {
    cache.publish([revision(5), revision(6), revision(7)]);
    expect(cache.after('ana', 4, 2, NOW)).toMatchObject({ cursor: 6, more: true });
    expect(cache.after('ana', 6, 2, NOW)).toMatchObject({ cursor: 7, more: false });
  });

  it('does not answer for a cursor before it, nor for one beyond it', () => {
    cache.publish([revision(5)]);
    expect([seqsAfter(3), seqsAfter(6)]).toEqual([null, null]);
  });

  it('does not answer across a seq that another process gave', () => {
    cache.publish([revision(5)]);
    cache.publish([revision(7)]);
    expect([seqsAfter(4), seqsAfter(5), seqsAfter(6)]).toEqual([null, null, [7]]);
  });

  it('is kept for those alone whom somebody watches', () => {
    expect([cache.isWatched(ANA), cache.isWatched(BEN)]).toEqual([true, false]);
    cache.publish([revision(5, BEN)]);
    cache.watch('ben', BEN, NOW);
    expect(seqsAfter(4, { session: 'ben' })).toBeNull();
  });

  it('is of no use to a session whose agent was affected otherwise, until it has read again', () => {
    cache.watch('ana 2', ANA, NOW);
    cache.publish([revision(5)]);
    cache.invalidate([ANA]);
    cache.watch('ana 2', ANA, NOW);
    cache.publish([revision(6)]);
    expect([seqsAfter(5), seqsAfter(5, { session: 'ana 2' })]).toEqual([null, [6]]);
  });

  it('is of no use to a session that has not read for a heartbeat, nor to one whose clock was set back', () => {
    cache.publish([revision(5)]);
    const times = [18_000, 19_500, -19_500].map((ms) => seqsAfter(4, { now: NOW + ms }));
    expect(times).toEqual([[5], null, null]);
  });

  it('goes with the second commit after a moment, whomever that tells; what came in between stays a little longer', () => {
    cache.publish([revision(5)]);
    elapsed = 151;
    cache.publish([revision(6)]);
    expect(seqsAfter(4)).toEqual([5, 6]);
    elapsed = 302;
    cache.publish([revision(1, BEN)]);
    expect([seqsAfter(4), seqsAfter(5)]).toEqual([null, [6]]);
    elapsed = 453;
    cache.publish([revision(2, BEN)]);
    expect(seqsAfter(5)).toBeNull();
  });

  it('forgets who is gone', () => {
    cache.watch('ben', BEN, NOW + 61_000);
    expect([cache.isWatched(ANA), cache.isWatched(BEN)]).toEqual([false, true]);
  });
});
