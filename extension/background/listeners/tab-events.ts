import { browser } from 'wxt/browser';
import { connectionRecord } from '../../state.ts';
import { readInView } from '../bell/reads.ts';
import type { Connection } from '../connection/server-connection.ts';

/**
 * Follows where the agent turns: a conversation that comes into view is read, and a device that is used
 * again takes the connection back from the one that replaced it. Which page it is, is asked at that moment;
 * the events only say that it may have changed.
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
