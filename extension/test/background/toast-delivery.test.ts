import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { markCreated, waitUntilShown } from '../../background/toasts/toast-delivery.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const isShown = async (id: string, afterMs: number): Promise<boolean> => {
  const done = vi.fn();
  void waitUntilShown(id).then(done);
  await vi.advanceTimersByTimeAsync(afterMs);
  return done.mock.calls.length > 0;
};

test('a toast that was just made is left alone for a moment', async () => {
  markCreated('conversation:c1');
  expect(await isShown('conversation:c1', 399)).toBe(false);
  markCreated('conversation:c1');
  expect(await isShown('conversation:c1', 400)).toBe(true);
});

test('others, and those made long ago, are not waited for', async () => {
  markCreated('conversation:c1');
  expect(await isShown('conversation:c2', 0)).toBe(true);
  await vi.advanceTimersByTimeAsync(400);
  expect(await isShown('conversation:c1', 0)).toBe(true);
});

test('a clock that was set back keeps nobody waiting', async () => {
  markCreated('conversation:c1');
  vi.setSystemTime(Date.now() - 60_000);
  expect(await isShown('conversation:c1', 0)).toBe(true);
});
