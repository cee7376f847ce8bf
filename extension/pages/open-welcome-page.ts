import { browser } from 'wxt/browser';

/** Opens the page for signing in; `help` goes straight to what to do when notifications do not show. */
export const openWelcomePage = (at: '' | '#help' = '') =>
  browser.tabs.create({ url: `${browser.runtime.getURL('/welcome.html')}${at}` });
