import type { Me } from '@converso/shared';
import { type Browser, browser } from 'wxt/browser';
import { conversationAt, isInboxPage } from '../domain/inbox-url.ts';
import { chooseTab, type OpenTab } from '../domain/tab-choice.ts';

type Inbox = Me['inbox'];

/** Windows with tabs, and those of an inbox that was installed as an app. */
const WINDOW_TYPES: ['normal', 'app'] = ['normal', 'app'];

const isPopupOpen = async (): Promise<boolean> => {
  const popups = await browser.runtime.getContexts({ contextTypes: ['POPUP'] });
  return popups.length > 0;
};

/**
 * The page the agent is looking at: the active tab of the focused window. Asked at the moment it matters,
 * never remembered, for the browser does not tell of every loss of focus. While our own popup is open its
 * window does not count as focused, but the agent is there.
 */
const pageInView = async (): Promise<string | undefined> => {
  const windows = await browser.windows.getAll({ windowTypes: WINDOW_TYPES });
  if (windows.length === 0) return undefined;
  const last = await browser.windows.getLastFocused({ windowTypes: WINDOW_TYPES, populate: true });
  if (!last.focused && !(await isPopupOpen())) return undefined;
  return last.tabs?.find((tab) => tab.active)?.url;
};

export interface View {
  inboxFocused: boolean;
  /** The conversation on the screen, if the agent is looking at one. */
  conversationId: string | null;
}

/** A browser that cannot be asked at this moment counts as not showing the inbox: a needless toast is better than none. */
const notSeen = (error: unknown): undefined => {
  console.warn('The page in view is unknown:', error instanceof Error ? error.name : 'unknown error');
};

export const viewOf = async (inbox: Inbox | undefined): Promise<View> => {
  const page = inbox && (await pageInView().catch(notSeen));
  if (!page) return { inboxFocused: false, conversationId: null };
  return { inboxFocused: isInboxPage(inbox, page), conversationId: conversationAt(inbox, page) };
};

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
    (window.tabs ?? []).flatMap(({ id, url, active, windowId, lastAccessed }) =>
      id === undefined ? [] : [{ id, url, active, windowId, lastAccessed, inLastWindow: windowId === last?.id }],
    ),
  );
  return { tabs, windowId: windowForTab(windows, last?.id) };
};

/** Brings a window to the front, out of the task bar if it is there. */
const raiseWindow = async (windowId: number): Promise<void> => {
  const { state } = await browser.windows.get(windowId);
  await browser.windows.update(windowId, { focused: true, ...(state === 'minimized' ? { state: 'normal' } : {}) });
};

/** Opens or raises the inbox, at the conversation where one is named. */
export const openInbox = async (inbox: Inbox, conversationId: string | null): Promise<void> => {
  const { tabs, windowId } = await openTabs();
  const choice = chooseTab(inbox, conversationId, tabs, windowId);
  if (choice.kind === 'new_window') {
    await browser.windows.create({ url: choice.url, focused: true });
    return;
  }
  if (choice.kind === 'new_tab') {
    await browser.tabs.create({ url: choice.url, windowId: choice.windowId, active: true });
    return raiseWindow(choice.windowId);
  }
  const { tab } = choice;
  await browser.tabs.update(tab.id, { active: true, ...(choice.kind === 'navigate' ? { url: choice.url } : {}) });
  await raiseWindow(tab.windowId);
};
