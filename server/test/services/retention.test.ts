import { describe, expect, it } from 'vitest';
import { KEPT_FOR, PRUNED_KINDS } from '../../src/domain/retention.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { PruneBatch, Pruned } from '../../src/ports/retention-store.ts';
import { SECOND_LOOK_AFTER } from '../../src/services/clock-trust.ts';
import { BATCH_ROWS, BETWEEN_SWEEPS, createRetention, RUN_TIME } from '../../src/services/retention.ts';

const START = Date.UTC(2026, 5, 1);
/** When a server that started then may prune: it has looked at the clock an hour ago. */
const BEGIN = START + SECOND_LOOK_AFTER;
const OVER: Pruned = { removed: 0, next: null };

/**
 * Pruning with clocks that stand still but for the pauses, and a store that answers what the test says. The server
 * started an hour ago, unless `since` is 0.
 */
async function openArchive(
  answer: (batch: PruneBatch) => Pruned | Promise<Pruned> = () => OVER,
  since = SECOND_LOOK_AFTER,
) {
  const time = { now: START, monotonic: 0 };
  const pass = (ms: number): void => {
    time.now += ms;
    time.monotonic += ms;
  };
  const batches: PruneBatch[] = [];
  const logged: { msg: string; removed?: object }[] = [];
  const metrics = createMetrics();
  let pauses = 0;
  const retention = createRetention({
    store: {
      async prune(batch) {
        batches.push(batch);
        // Without a pause the clock would never move, and the run never end.
        if (batches.length > 1000) throw new Error('endless');
        return answer(batch);
      },
    },
    clock: { now: () => time.now },
    log: createLog('trace', { write: (line) => void logged.push(JSON.parse(line)) }),
    metrics,
    monotonic: () => time.monotonic,
    async wait(ms) {
      pauses += 1;
      pass(ms);
    },
  });
  await retention.tick();
  pass(since);
  logged.length = 0;
  const kinds = () => batches.splice(0).map(({ kind }) => kind);
  return { ...retention, time, pass, batches, kinds, logged, metrics, pauses: () => pauses };
}

describe('pruning', () => {
  it('sweeps through every kind in small batches, each with the time it is kept, and a pause after each', async () => {
    const { tick, batches, pauses } = await openArchive();
    await tick();
    expect(batches.map(({ kind }) => kind)).toEqual(PRUNED_KINDS);
    for (const { kind, now, before, limit, after } of batches) {
      expect({ before, limit, after }).toEqual({ before: now - KEPT_FOR[kind], limit: BATCH_ROWS, after: null });
    }
    expect(pauses()).toBe(batches.length);
  });

  it('takes each batch from where the one before has ended', async () => {
    const { tick, batches } = await openArchive(({ kind, after }) =>
      kind === 'events' && (after?.[0] ?? 0) < 3 ? { removed: 5, next: [(after?.[0] ?? 0) + 1] } : OVER,
    );
    await tick();
    const events = batches.filter(({ kind }) => kind === 'events');
    expect(events.map(({ after }) => after)).toEqual([null, [1], [2], [3]]);
    expect(batches.at(-1)).toMatchObject({ kind: 'notifications', after: null });
  });

  it('ends when the time of the run is up, and goes on in the next', async () => {
    const { tick, batches, time } = await openArchive(({ after }) => ({ removed: 1, next: [(after?.[0] ?? 0) + 1] }));
    await tick();
    expect(time.now - BEGIN).toBeGreaterThanOrEqual(RUN_TIME);
    expect(time.now - BEGIN).toBeLessThan(RUN_TIME + 100);
    const last = batches.splice(0).at(-1)!;
    await tick();
    expect(batches[0]).toMatchObject({ kind: last.kind, after: [last.after![0]! + 1] });
  });

  it('begins the next sweep an hour after the last one began, or when the clock was set back', async () => {
    const { tick, kinds, time, pass } = await openArchive();
    await tick();
    kinds();
    pass(BEGIN + BETWEEN_SWEEPS - 1 - time.now);
    await tick();
    expect(kinds()).toEqual([]);
    pass(1);
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
    time.now -= 10 * BETWEEN_SWEEPS;
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
  });

  it('lets no kind wait for one that fails, says so, and tries that again with the next sweep', async () => {
    const { tick, kinds, logged, pass } = await openArchive(({ kind }) => {
      if (kind === 'sessions') throw new Error('locked');
      return OVER;
    });
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
    expect(logged).toMatchObject([{ msg: 'what is no longer needed could not be pruned', rows: 'sessions' }]);
    pass(BETWEEN_SWEEPS);
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
  });

  it('counts what went, by kind, and says so at the end', async () => {
    const { tick, logged, metrics } = await openArchive(({ kind, after }) => {
      if (kind === 'ledger') return after === null ? { removed: 4, next: [1] } : { removed: 3, next: null };
      return { removed: kind === 'events' ? 2 : 0, next: null };
    });
    await tick();
    const { values } = await metrics.pruned.get();
    expect(values.map(({ labels, value }) => [labels.kind, value])).toEqual([
      ['events', 2],
      ['ledger', 7],
    ]);
    expect(logged).toMatchObject([{ msg: 'pruned', removed: { events: 2, ledger: 7 } }]);
  });

  it('ends after the batch that is under way', async () => {
    let finish = (_: Pruned): void => undefined;
    const { tick, close, batches } = await openArchive(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const run = tick();
    let closed = false;
    const closing = close().then(() => {
      closed = true;
    });
    await Promise.resolve();
    expect(closed).toBe(false);
    finish({ removed: 1, next: [1] });
    await Promise.all([run, closing]);
    expect(batches).toHaveLength(1);
    await tick();
    expect(batches).toHaveLength(1);
  });

  it('is one run at a time', async () => {
    const { tick, kinds } = await openArchive();
    await Promise.all([tick(), tick()]);
    expect(kinds()).toEqual(PRUNED_KINDS);
  });
});

describe('pruning under a clock that jumps', () => {
  const MINUTE = 60_000;
  const QUARTER = 91 * 24 * 60 * MINUTE;

  it('removes nothing while the clock is a quarter of a year ahead for a minute, and goes on after it', async () => {
    const { tick, kinds, time, pass, logged } = await openArchive();
    await tick();
    kinds();
    pass(BETWEEN_SWEEPS);
    time.now += QUARTER;
    await tick();
    expect(kinds()).toEqual([]);
    expect(logged).toMatchObject([{ msg: 'nothing is pruned for an hour, unless the clock is set back' }]);
    pass(MINUTE);
    await tick();
    expect(kinds()).toEqual([]);
    time.now -= QUARTER;
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
  });

  it('stops in the middle of a run', async () => {
    const archive = await openArchive(() => {
      if (archive.batches.length === 2) archive.time.now += QUARTER;
      return OVER;
    });
    await archive.tick();
    expect(archive.kinds()).toEqual(PRUNED_KINDS.slice(0, 2));
  });

  it('believes a clock that was set right, or a machine that slept, after an hour', async () => {
    const { tick, kinds, time, pass } = await openArchive();
    await tick();
    kinds();
    time.now += QUARTER;
    await tick();
    pass(SECOND_LOOK_AFTER - 1);
    await tick();
    expect(kinds()).toEqual([]);
    pass(1);
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
  });

  it('waits for another hour when the clock jumps on', async () => {
    const { tick, kinds, time, pass } = await openArchive();
    await tick();
    kinds();
    time.now += QUARTER;
    await tick();
    pass(SECOND_LOOK_AFTER / 2);
    time.now += QUARTER;
    await tick();
    pass(SECOND_LOOK_AFTER / 2);
    await tick();
    expect(kinds()).toEqual([]);
  });

  it('removes nothing in the first hour after a start, whatever the clock shows', async () => {
    const { tick, kinds, time, pass } = await openArchive(() => OVER, 0);
    time.now += QUARTER;
    await tick();
    pass(MINUTE);
    await tick();
    // It was the time of a machine whose clock had not been set yet.
    time.now -= QUARTER;
    await tick();
    pass(SECOND_LOOK_AFTER - 1);
    await tick();
    expect(kinds()).toEqual([]);
    pass(1);
    await tick();
    expect(kinds()).toEqual(PRUNED_KINDS);
  });
});
