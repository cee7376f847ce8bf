import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coalesce } from '../src/coalesce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a burst of calls is one run', async () => {
  const run = vi.fn(async () => {});
  const call = coalesce(run, 50);
  call();
  call();
  await vi.advanceTimersByTimeAsync(49);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(run).toHaveBeenCalledTimes(1);
});

test('calls during a run lead to one more after it, never to two at once', async () => {
  let finish = () => {};
  const run = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const call = coalesce(run, 50);
  call();
  await vi.advanceTimersByTimeAsync(50);
  call();
  call();
  await vi.advanceTimersByTimeAsync(500);
  expect(run).toHaveBeenCalledTimes(1);
  finish();
  await vi.advanceTimersByTimeAsync(50);
  expect(run).toHaveBeenCalledTimes(2);
});
