import { browser } from 'wxt/browser';

/** A match pattern for every page of the URL's host; ports cannot be told apart in a permission. */
const patternFor = (url: string): string => {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
};

/** Whether the extension may talk to this URL's host. */
export const isAllowed = (url: string): Promise<boolean> =>
  browser.permissions.contains({ origins: [patternFor(url)] });

/**
 * Asks for the URL's host; resolves at once where it is granted already. Only inside a click: call it before
 * anything is awaited, or Chrome refuses to ask.
 */
export const askToAllow = (url: string): Promise<boolean> =>
  browser.permissions.request({ origins: [patternFor(url)] });
