import { expect, test } from 'vitest';
import { createLocalWakeups } from '../../src/wakeups/local.ts';

/** Wakeups whose scheduler and clock the test moves. */
function stepped() {
  const flushes: (() => void)[] = [];
  const windows: number[] = [];
  const clock = { ms: 0 };
  const wakeups = createLocalWakeups({
    soon: (flush) => void flushes.push(flush),
    after: (ms, flush) => {
      windows.push(ms);
      flushes.push(flush);
    },
    now: () => clock.ms,
  });
  return { wakeups, flushAll: () => flushes.splice(0).forEach((flush) => void flush()), flushes, windows, clock };
}

test('a wake calls the listeners of its agents and groups, and no others', () => {
  const { wakeups, flushAll } = stepped();
  const woken: string[] = [];
  wakeups.subscribe({ agent: 1 }, () => woken.push('agent 1'));
  wakeups.subscribe({ agent: 2 }, () => woken.push('agent 2'));
  wakeups.subscribe({ group: 1 }, () => woken.push('group 1'));
  wakeups.wake({ agents: [1], groups: [] });
  flushAll();
  expect(woken).toEqual(['agent 1']);
  wakeups.wake({ agents: [3], groups: [1] });
  flushAll();
  expect(woken).toEqual(['agent 1', 'group 1']);
});

test('many wakes in one turn of the event loop cause one flush', () => {
  const { wakeups, flushAll, flushes } = stepped();
  let woken = 0;
  wakeups.subscribe({ agent: 1 }, () => void woken++);
  for (let wakes = 0; wakes < 100; wakes++) wakeups.wake({ agents: [1], groups: [] });
  expect(flushes).toHaveLength(1);
  expect(woken).toBe(0);
  flushAll();
  expect(woken).toBe(1);
  wakeups.wake({ agents: [1], groups: [] });
  flushAll();
  expect(woken).toBe(2);
});

test('a wake while the wakes run is not lost', () => {
  const { wakeups, flushAll } = stepped();
  let woken = 0;
  wakeups.subscribe({ agent: 1 }, () => {
    woken += 1;
    if (woken === 1) wakeups.wake({ agents: [1], groups: [] });
  });
  wakeups.wake({ agents: [1], groups: [] });
  flushAll();
  flushAll();
  expect(woken).toBe(2);
});

test('a listener that unsubscribed is not called, even by a wake that is already due', () => {
  const { wakeups, flushAll, flushes } = stepped();
  let woken = 0;
  const leave = wakeups.subscribe({ agent: 1 }, () => void woken++);
  const stay = wakeups.subscribe({ agent: 1 }, () => void woken++);
  wakeups.wake({ agents: [1], groups: [] });
  leave();
  leave();
  flushAll();
  expect(woken).toBe(1);
  stay();
  wakeups.wake({ agents: [1], groups: [] });
  expect(flushes).toEqual([]);
});

test('a flush that calls many listeners opens a debounce window of at most 40 ms; a flush that calls a few opens none', () => {
  const { wakeups, flushAll, windows, clock } = stepped();
  const everybody = Array.from({ length: 2_000 }, (_, agent) => agent);
  let calls = 0;
  for (const agent of everybody) wakeups.subscribe({ agent }, () => void calls++);

  wakeups.wake({ agents: everybody.slice(0, 20), groups: [] });
  flushAll();
  wakeups.wake({ agents: everybody.slice(0, 200), groups: [] });
  expect(windows).toEqual([]);
  flushAll();
  wakeups.wake({ agents: everybody, groups: [] });
  wakeups.wake({ agents: everybody, groups: [] });
  expect(windows).toEqual([6]);
  flushAll();
  expect(calls).toBe(20 + 200 + 2_000);
  wakeups.wake({ agents: [1], groups: [] });
  expect(windows).toEqual([6, 40]);
  flushAll();
  clock.ms += 40;
  wakeups.wake({ agents: [1], groups: [] });
  expect(windows).toEqual([6, 40]);
});
