import { browser } from 'wxt/browser';

/** Opens the page that says what was decided about each message, toast or not. */
export const openWhyPage = () => browser.tabs.create({ url: browser.runtime.getURL('/why.html') });
