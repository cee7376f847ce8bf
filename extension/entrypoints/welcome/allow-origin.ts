import { browser } from 'wxt/browser';

import { patternFor } from '../../domain/page-address.ts';

/** Whether the extension may talk to this URL's host. */
export const isAllowed = (url: string): Promise<boolean> =>
  browser.permissions.contains({ origins: [patternFor(url)] });

/**
 * Asks for the URL's host; resolves at once where it is granted already. Only inside a click: call it before
 * anything is awaited, or Chrome refuses to ask.
 */
export const askToAllow = (url: string): Promise<boolean> =>
  browser.permissions.request({ origins: [patternFor(url)] });
