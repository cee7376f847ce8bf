import { type Browser, browser } from 'wxt/browser';
import { errorName } from '../../domain/error-name.ts';
import type { Inbox } from '../../domain/inbox-url.ts';
import { chooseTab, type OpenTab, urlOf } from '../../domain/tab-choice.ts';
import { WINDOW_TYPES } from './inbox-tabs.ts';
import { persist } from './persist.ts';

/**
 * The window where a new tab belongs: the one used last of the ordinary ones. Left to itself the browser takes the
 * window at hand, though it be a private one, where nobody is signed in to the inbox.
 */
const windowForTab = (windows: Browser.windows.Window[], lastId: number | undefined): number | null => {
  const ordinary = windows.filter(({ type, incognito }) => type === 'normal' && !incognito);
  const usedAt = ({ tabs = [] }: Browser.windows.Window) => Math.max(0, ...tabs.map((tab) => tab.lastAccessed ?? 0));
  const [latest] = ordinary.toSorted((a, b) => usedAt(b) - usedAt(a));
  return ordinary.find(({ id }) => id === lastId)?.id ?? latest?.id ?? null;
};

const openTabs = async (): Promise<{ tabs: OpenTab[]; windowId: number | null }> => {
  const windows = await browser.windows.getAll({ windowTypes: WINDOW_TYPES, populate: true });
  const last = windows.length > 0 ? await browser.windows.getLastFocused({ windowTypes: WINDOW_TYPES }) : undefined;
  const tabs = windows.flatMap((window) =>
    (window.tabs ?? []).flatMap(({ id, ...tab }) =>
      // A tab that still loads its page has no `url` yet, or the one before.
      id === undefined ? [] : [{ ...tab, id, url: tab.pendingUrl ?? tab.url, inLastWindow: tab.windowId === last?.id }],
    ),
  );
  return { tabs, windowId: windowForTab(windows, last?.id) };
};

/** Brings a window to the front, out of the task bar if it is there. */
const raiseWindow = async (windowId: number): Promise<void> => {
  const { state } = await browser.windows.get(windowId);
  await browser.windows.update(windowId, { focused: true, ...(state === 'minimized' ? { state: 'normal' } : {}) });
};

/** Where a page was put. */
interface Place {
  windowId: number;
  isNew: boolean;
}

/** Makes the address that a page is loaded from. A tab that is only brought to the front needs none. */
type AddressOf = (url: string) => Promise<string>;

/** Puts the inbox, or the conversation where one is named, into the tab that costs the agent least. */
const place = async (inbox: Inbox, conversationId: string | null, addressOf: AddressOf): Promise<Place> => {
  const { tabs, windowId } = await openTabs();
  const choice = chooseTab(inbox, conversationId, tabs, windowId);
  if (choice.kind === 'raise') return useTab(choice.tab, {});
  const url = await addressOf(choice.url);
  if (choice.kind === 'navigate') return useTab(choice.tab, { url });
  if (choice.kind === 'new_window') return openWindow(url);
  await browser.tabs.create({ url, windowId: choice.windowId, active: true });
  return { windowId: choice.windowId, isNew: true };
};

/** Brings a tab to the front of its window, at another address where one is given. */
const useTab = async ({ id, windowId }: OpenTab, address: { url?: string }): Promise<Place> => {
  await browser.tabs.update(id, { active: true, ...address });
  return { windowId, isNew: false };
};

const openWindow = async (url: string): Promise<Place> => {
  const window = await browser.windows.create({ url, focused: true });
  return { windowId: window?.id ?? browser.windows.WINDOW_ID_NONE, isNew: true };
};

const notRaised = (error: unknown): void => {
  console.warn('A window could not be brought to the front:', errorName(error));
};

/** A new window, whatever the others are like. Never a private one, where nobody is signed in to the inbox. */
const openAlone = async (url: string): Promise<void> => {
  await persist(() => openWindow(url));
};

/** Where the tab at hand cannot be changed: a tab of its own and, where that is refused too, a window. */
const openAnew = async (url: string): Promise<void> => {
  const windowId = await openTabs().then(
    (open) => open.windowId,
    () => null,
  );
  if (windowId === null) return openAlone(url);
  const isOpen = await browser.tabs.create({ url, windowId, active: true }).then(
    () => true,
    (error) => {
      console.warn('A new tab was refused:', errorName(error));
      return false;
    },
  );
  if (!isOpen) return openAlone(url);
  await persist(() => raiseWindow(windowId)).catch(notRaised);
};

/**
 * Opens or raises the inbox, at the conversation where one is named. What the browser refuses is tried for about a
 * second, and then in a new tab or, where a window does not come to the front, in a new one; never in both.
 *
 * @throws when even a new window is refused
 */
export const openInbox = async (inbox: Inbox, conversationId: string | null, addressOf: AddressOf): Promise<void> => {
  const placed = await persist(() => place(inbox, conversationId, addressOf)).catch((error) => {
    console.warn('The open tab could not be used:', errorName(error));
  });
  const url = urlOf(inbox, conversationId);
  if (!placed) return openAnew(await addressOf(url));
  try {
    await persist(() => raiseWindow(placed.windowId));
  } catch (error) {
    notRaised(error);
    // What was opened just now is in front as far as the browser lets it.
    if (!placed.isNew) await openAlone(await addressOf(url));
  }
};

/** Opens a page of the extension in a new tab or, where there is no window, in one. */
export const openPage = async (url: string): Promise<void> => {
  await persist(() => browser.tabs.create({ url })).catch(() => openWindow(url));
};
