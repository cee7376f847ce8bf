import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { landed, takesOff } from '../../background/toasts/toast-delivery.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hasLanded = async (id: string, afterMs: number): Promise<boolean> => {
  const done = vi.fn();
  void landed(id).then(done);
  await vi.advanceTimersByTimeAsync(afterMs);
  return done.mock.calls.length > 0;
};

test('a toast that was just made is left alone for a moment', async () => {
  takesOff('conversation:c1');
  expect(await hasLanded('conversation:c1', 399)).toBe(false);
  takesOff('conversation:c1');
  expect(await hasLanded('conversation:c1', 400)).toBe(true);
});

test('others, and those made long ago, are not waited for', async () => {
  takesOff('conversation:c1');
  expect(await hasLanded('conversation:c2', 0)).toBe(true);
  await vi.advanceTimersByTimeAsync(400);
  expect(await hasLanded('conversation:c1', 0)).toBe(true);
});

test('a clock that was set back keeps nobody waiting', async () => {
  takesOff('conversation:c1');
  vi.setSystemTime(Date.now() - 60_000);
  expect(await hasLanded('conversation:c1', 0)).toBe(true);
});
