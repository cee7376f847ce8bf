import type { Me } from '@converso/shared';
import { browser } from 'wxt/browser';
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

export const viewOf = async (inbox: Inbox | undefined): Promise<View> => {
  const page = inbox && (await pageInView());
  if (!page) return { inboxFocused: false, conversationId: null };
  return { inboxFocused: isInboxPage(inbox, page), conversationId: conversationAt(inbox, page) };
};

const openTabs = async (): Promise<{ tabs: OpenTab[]; hasWindow: boolean }> => {
  const windows = await browser.windows.getAll({ windowTypes: WINDOW_TYPES, populate: true });
  const last = windows.length > 0 ? await browser.windows.getLastFocused({ windowTypes: WINDOW_TYPES }) : undefined;
  const tabs = windows.flatMap((window) =>
    (window.tabs ?? []).flatMap(({ id, url, active, windowId, lastAccessed }) =>
      id === undefined ? [] : [{ id, url, active, windowId, lastAccessed, inLastWindow: windowId === last?.id }],
    ),
  );
  return { tabs, hasWindow: windows.some((window) => window.type === 'normal' && !window.incognito) };
};

/** Brings a window to the front, out of the task bar if it is there. */
const raiseWindow = async (windowId: number): Promise<void> => {
  const { state } = await browser.windows.get(windowId);
  await browser.windows.update(windowId, { focused: true, ...(state === 'minimized' ? { state: 'normal' } : {}) });
};

const openNew = async (url: string, inWindow: boolean): Promise<void> => {
  if (!inWindow) {
    await browser.windows.create({ url, focused: true });
    return;
  }
  const tab = await browser.tabs.create({ url, active: true });
  await raiseWindow(tab.windowId);
};

/** Opens or raises the inbox, at the conversation where one is named. */
export const openInbox = async (inbox: Inbox, conversationId: string | null): Promise<void> => {
  const { tabs, hasWindow } = await openTabs();
  const choice = chooseTab(inbox, conversationId, tabs, hasWindow);
  if (choice.kind === 'new_tab' || choice.kind === 'new_window') {
    return openNew(choice.url, choice.kind === 'new_tab');
  }
  const { tab } = choice;
  await browser.tabs.update(tab.id, { active: true, ...(choice.kind === 'navigate' ? { url: choice.url } : {}) });
  await raiseWindow(tab.windowId);
};
