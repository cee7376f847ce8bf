import { browser } from 'wxt/browser';
import { connectionRecord } from '../../state.ts';
import { readInView } from '../bell/reads.ts';
import type { Connection } from '../connection/server-connection.ts';

/**
 * Follows the agent's tabs and windows. A conversation that comes into view is marked read, and a device that is used
 * again takes the connection back from the one that replaced it. The events only say that the page may have changed,
 * so the page is asked for at that moment.
 */
export const listenToTabs = (connection: Connection): void => {
  const look = () => {
    readInView().catch((error) => console.error('The page in view could not be read:', error));
  };
  const used = async () => {
    if ((await connectionRecord.getValue()).state === 'replaced') connection.connect({ used: true });
  };
  browser.tabs.onUpdated.addListener((_tabId, change) => {
    if (change.url) look();
  });
  browser.tabs.onActivated.addListener(() => {
    look();
    void used();
  });
  browser.windows.onFocusChanged.addListener((windowId) => {
    if (windowId === browser.windows.WINDOW_ID_NONE) return;
    look();
    void used();
  });
};
