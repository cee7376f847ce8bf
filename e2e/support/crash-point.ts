import type { Chrome } from './browser.ts';
import { waitFor } from './wait-for.ts';

/** Where a worker may be stopped while it carries out a customer's message; each is a call it makes to the browser. */
export type CrashPoint = 'bell' | 'toast' | 'cursor';

/**
 * From its next call of that step on, the worker hangs, as if the browser stopped it there: `before` the call is
 * carried out, or `after` it. What it did until then is real, and a stop ends it for good.
 */
export const hangAt = (chrome: Chrome, step: CrashPoint, when: 'before' | 'after'): Promise<void> =>
  chrome.inWorker(
    ([name, moment]) => {
      const scope = globalThis as typeof globalThis & { hasHung?: boolean };
      const never = new Promise<never>(() => {});
      const hang = async (call: () => unknown) => {
        if (moment === 'after') await call();
        scope.hasHung = true;
        return never;
      };
      const { storage, notifications } = scope.chrome;
      const set = storage.local.set.bind(storage.local) as (items: Record<string, unknown>) => Promise<void>;
      const create = notifications.create.bind(notifications) as (...args: unknown[]) => Promise<string>;
      let isToastMade = false;
      Object.assign(notifications, {
        create: async (...args: unknown[]) => {
          isToastMade = true;
          return name === 'toast' ? hang(() => create(...args)) : create(...args);
        },
      });
      Object.assign(storage.local, {
        set: async (items: Record<string, unknown>) => {
          const isIts = 'bell' in items && name === (isToastMade ? 'cursor' : 'bell');
          return isIts ? hang(() => set(items)) : set(items);
        },
      });
    },
    [step, when] as const,
  );

/** Resolves when the worker hangs. */
export const hangs = async (chrome: Chrome): Promise<void> => {
  await waitFor('the worker reaches the step at which it is stopped', () =>
    chrome.inWorker(() => (globalThis as typeof globalThis & { hasHung?: boolean }).hasHung, null),
  );
};
