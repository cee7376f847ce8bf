import { browser } from 'wxt/browser';

/** The address of a file in the extension's package. */
export const assetUrl = (path: string): string => new URL(path, browser.runtime.getURL('/')).href;
