import { expect, test } from 'vitest';
import { createDevice } from '../../support/device.ts';
import { openTarget } from './target.ts';

const open = async (origin: string): Promise<number> =>
  Number(/^converso_streams_open (\d+)$/m.exec(await (await fetch(`${origin}/metrics`)).text())?.[1]);

test('a session that opens a hundred streams has one, and one that opens them as tabs has eight', async () => {
  const { origin, token } = await openTarget();
  const devices = Array.from({ length: 100 }, () => createDevice({ origin: () => origin, token }));
  for (const device of devices) device.connect();
  await Promise.all(
    devices.map((device) =>
      device.until(({ live, counts }) => live || (counts.goodbyes.replaced ?? 0) > 0, 'a stream'),
    ),
  );
  await expect.poll(() => open(origin)).toBe(1);
  for (const device of devices) device.close();
  await expect.poll(() => open(origin)).toBe(0);

  const controller = new AbortController();
  const headers = { cookie: `converso_session=${token}`, 'sec-fetch-site': 'same-origin' };
  const tabs = await Promise.all(
    Array.from({ length: 100 }, () => fetch(`${origin}/v1/stream`, { headers, signal: controller.signal })),
  );
  expect(tabs.every(({ status }) => status === 200)).toBe(true);
  await expect.poll(() => open(origin)).toBe(8);
  controller.abort();
  await expect.poll(() => open(origin)).toBe(0);
});
