import { expect, test } from 'vitest';
import { createLocalWakeups } from '../../src/wakeups/local.ts';

/** Wakeups whose turns and clock the test decides. */
function stepped() {
  const flushes: (() => void)[] = [];
  const rests: number[] = [];
  const clock = { ms: 0 };
  const wakeups = createLocalWakeups({
    soon: (flush) => void flushes.push(flush),
    after: (ms, flush) => {
      rests.push(ms);
      flushes.push(flush);
    },
    now: () => clock.ms,
  });
  return { wakeups, turn: () => flushes.splice(0).forEach((flush) => void flush()), flushes, rests, clock };
}

test('whoever listens to an agent or a group is woken, and nobody else', () => {
  const { wakeups, turn } = stepped();
  const woken: string[] = [];
  wakeups.subscribe({ agent: 1 }, () => woken.push('agent 1'));
  wakeups.subscribe({ agent: 2 }, () => woken.push('agent 2'));
  wakeups.subscribe({ group: 1 }, () => woken.push('group 1'));
  wakeups.wake({ agents: [1], groups: [] });
  turn();
  expect(woken).toEqual(['agent 1']);
  wakeups.wake({ agents: [3], groups: [1] });
  turn();
  expect(woken).toEqual(['agent 1', 'group 1']);
});

test('many wakes of one turn are one', () => {
  const { wakeups, turn, flushes } = stepped();
  let woken = 0;
  wakeups.subscribe({ agent: 1 }, () => void woken++);
  for (let wakes = 0; wakes < 100; wakes++) wakeups.wake({ agents: [1], groups: [] });
  expect(flushes).toHaveLength(1);
  expect(woken).toBe(0);
  turn();
  expect(woken).toBe(1);
  wakeups.wake({ agents: [1], groups: [] });
  turn();
  expect(woken).toBe(2);
});

test('a wake while the wakes run is not lost', () => {
  const { wakeups, turn } = stepped();
  let woken = 0;
  wakeups.subscribe({ agent: 1 }, () => {
    woken += 1;
    if (woken === 1) wakeups.wake({ agents: [1], groups: [] });
  });
  wakeups.wake({ agents: [1], groups: [] });
  turn();
  turn();
  expect(woken).toBe(2);
});

test('who has left is not woken, also by a wake that was already due', () => {
  const { wakeups, turn, flushes } = stepped();
  let woken = 0;
  const leave = wakeups.subscribe({ agent: 1 }, () => void woken++);
  const stay = wakeups.subscribe({ agent: 1 }, () => void woken++);
  wakeups.wake({ agents: [1], groups: [] });
  leave();
  leave();
  turn();
  expect(woken).toBe(1);
  stay();
  wakeups.wake({ agents: [1], groups: [] });
  expect(flushes).toEqual([]);
});

test('after a flush that woke many there is a rest, at most 40 ms, in which wakes become one; after one that woke a few there is none', () => {
  const { wakeups, turn, rests, clock } = stepped();
  const everybody = Array.from({ length: 2_000 }, (_, agent) => agent);
  let calls = 0;
  for (const agent of everybody) wakeups.subscribe({ agent }, () => void calls++);

  wakeups.wake({ agents: everybody.slice(0, 20), groups: [] });
  turn();
  wakeups.wake({ agents: everybody.slice(0, 200), groups: [] });
  expect(rests).toEqual([]);
  turn();
  wakeups.wake({ agents: everybody, groups: [] });
  wakeups.wake({ agents: everybody, groups: [] });
  expect(rests).toEqual([6]);
  turn();
  expect(calls).toBe(20 + 200 + 2_000);
  wakeups.wake({ agents: [1], groups: [] });
  expect(rests).toEqual([6, 40]);
  turn();
  clock.ms += 40;
  wakeups.wake({ agents: [1], groups: [] });
  expect(rests).toEqual([6, 40]);
});
