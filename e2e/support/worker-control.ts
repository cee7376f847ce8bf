import type { BrowserContext, CDPSession } from 'playwright-core';
import { waitFor } from './wait-for.ts';

interface WorkerControl {
  send: CDPSession['send'];
  /** `stopped`, `starting`, `running` or `stopping`. */
  status(): string;
  becomes(status: string): Promise<unknown>;
}

/**
 * Gives `act` the browser's own view of the worker. It goes through a page that is open already,
 * because opening one would itself be an event that wakes the worker.
 */
export async function controlWorker<Value>(
  context: BrowserContext,
  act: (control: WorkerControl) => Promise<Value>,
): Promise<Value> {
  const [anyPage] = context.pages();
  if (!anyPage) throw new Error('the worker can only be reached while a page is open');
  const session = await context.newCDPSession(anyPage);
  let latest = 'unknown';
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    const ours = versions.findLast((version) => version.scriptURL.startsWith('chrome-extension://'));
    latest = ours?.runningStatus ?? latest;
  });
  try {
    await session.send('ServiceWorker.enable');
    await waitFor('the browser tells of the worker', () => latest !== 'unknown');
    const send = session.send.bind(session);
    const becomes = (status: string) => waitFor(`the worker is ${status}`, () => latest === status);
    return await act({ send, status: () => latest, becomes });
  } finally {
    await session.detach();
  }
}
