import { type Browser, browser } from 'wxt/browser';
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
    (window.tabs ?? []).flatMap(({ id, url, pendingUrl, active, windowId, lastAccessed }) => {
      const inLastWindow = windowId === last?.id;
      // A tab that still loads its page has no `url` yet, or the one before.
      return id === undefined ? [] : [{ id, url: pendingUrl ?? url, active, windowId, lastAccessed, inLastWindow }];
    }),
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

/** Puts the inbox, or the conversation where one is named, into the tab that costs the agent least. */
const place = async (inbox: Inbox, conversationId: string | null): Promise<Place> => {
  const { tabs, windowId } = await openTabs();
  const choice = chooseTab(inbox, conversationId, tabs, windowId);
  if (choice.kind === 'new_window') return openWindow(choice.url);
  if (choice.kind === 'new_tab') {
    await browser.tabs.create({ url: choice.url, windowId: choice.windowId, active: true });
    return { windowId: choice.windowId, isNew: true };
  }
  const { tab } = choice;
  await browser.tabs.update(tab.id, { active: true, ...(choice.kind === 'navigate' ? { url: choice.url } : {}) });
  return { windowId: tab.windowId, isNew: false };
};

const openWindow = async (url: string): Promise<Place> => {
  const window = await browser.windows.create({ url, focused: true });
  return { windowId: window?.id ?? browser.windows.WINDOW_ID_NONE, isNew: true };
};

const reason = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');

/**
 * The last resort, where the tab at hand can be neither changed nor brought to the front: a tab of its own and, where
 * that is refused too, a window. Never a private window, where nobody is signed in to the inbox.
 */
const openAnew = async (url: string): Promise<void> => {
  const windowId = await openTabs().then(
    (open) => open.windowId,
    () => null,
  );
  if (windowId !== null) {
    try {
      await browser.tabs.create({ url, windowId, active: true });
      await browser.windows.update(windowId, { focused: true });
      return;
    } catch (error) {
      console.warn('A new tab was refused:', reason(error));
    }
  }
  await persist(() => openWindow(url));
};

/**
 * Opens or raises the inbox, at the conversation where one is named. What the browser refuses is tried for about a
 * second, and then in a new tab.
 *
 * @throws when even a new window is refused
 */
export const openInbox = async (inbox: Inbox, conversationId: string | null): Promise<void> => {
  const placed = await persist(() => place(inbox, conversationId)).catch((error) => {
    console.warn('The tab at hand could not be used:', reason(error));
  });
  const isRaised =
    placed &&
    (await persist(() => raiseWindow(placed.windowId)).then(
      () => true,
      (error) => {
        console.warn('A window could not be brought to the front:', reason(error));
        // What was opened just now is in front as far as the browser lets it.
        return placed.isNew;
      },
    ));
  if (!isRaised) await openAnew(urlOf(inbox, conversationId));
};

/** Opens a page of the extension in a new tab or, where there is no window, in one. */
export const openPage = async (url: string): Promise<void> => {
  await persist(() => browser.tabs.create({ url })).catch(() => openWindow(url));
};
