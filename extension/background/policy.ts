import { browser } from 'wxt/browser';
import type { ManagedSettings } from '../state.ts';

/** What the administrator's policy says; nothing without a policy. */
export const readPolicy = (): Promise<ManagedSettings> =>
  browser.storage.managed.get<ManagedSettings>(['server', 'lockServer', 'allowHttp', 'inboxOrigins']);
