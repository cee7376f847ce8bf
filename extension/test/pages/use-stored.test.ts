import { cleanup, renderHook, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStored, useStored } from '../../pages/stored.ts';
import { device, storedBell, toastHealth } from '../../state.ts';
import { startBrowser } from './browser.ts';
import { signedIn } from './stored.ts';

beforeEach(async () => {
  startBrowser();
  await storedBell.setValue(signedIn().bell);
});
afterEach(cleanup);

/** Counts the drawings of a page that opens with `first`. */
function page(first: Awaited<ReturnType<typeof readStored>>) {
  let drawn = 0;
  const { result } = renderHook(() => {
    drawn += 1;
    return useStored(first);
  });
  return { result, drawings: () => drawn };
}

test('a page is drawn once where nothing was stored while it opened', async () => {
  const { result, drawings } = page(await readStored());
  // Told by the watching, which began before the second reading was asked for, so that one is over by then.
  await readStored();
  await device.setValue({ pausedUntil: 7, preview: 'full' });
  await waitFor(() => expect(result.current.device.pausedUntil).toBe(7));
  expect(drawings()).toBe(2);
});

test('what was stored between the first reading and the watching is shown', async () => {
  const first = await readStored();
  await toastHealth.setValue({ permission: 'denied', lastToastAt: 1 });
  const { result } = page(first);
  await waitFor(() => expect(result.current.health.permission).toBe('denied'));
});
