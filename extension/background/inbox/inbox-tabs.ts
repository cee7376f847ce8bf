import { browser } from 'wxt/browser';
import type { Bell } from '../../domain/bell.ts';
import { errorName } from '../../domain/error-name.ts';
import { viewedAt } from '../../domain/inboxes.ts';
import { account } from '../../state.ts';

/** Windows with tabs, those of an inbox that was installed as an app, and those that a page opened for it. */
export const WINDOW_TYPES: ['normal', 'app', 'popup'] = ['normal', 'app', 'popup'];

const isPopupOpen = async (): Promise<boolean> => {
  const popups = await browser.runtime.getContexts({ contextTypes: ['POPUP'] });
  return popups.length > 0;
};

/**
 * The page the agent is looking at: the active tab of the focused window. The browser is asked each time, because it
 * does not report every loss of focus. While the extension's popup is open its window does not count as focused, but
 * the agent is there.
 */
const pageInView = async (): Promise<string | undefined> => {
  const windows = await browser.windows.getAll({ windowTypes: WINDOW_TYPES });
  if (windows.length === 0) return undefined;
  const ask = () => browser.windows.getLastFocused({ windowTypes: WINDOW_TYPES, populate: true });
  let last = await ask();
  if (!last.focused && !(await isPopupOpen())) {
    // A popup that closed between the two questions has given the focus back.
    last = await ask();
    if (!last.focused) return undefined;
  }
  return last.tabs?.find((tab) => tab.active)?.url;
};

export interface ActiveView {
  /** It is any of the inboxes. */
  inboxFocused: boolean;
  /** The conversation on the screen, if the agent is looking at one and the page does not say so itself. */
  conversationId: string | null;
}

/** A browser that cannot be asked at this moment counts as not showing the inbox: a needless toast is better than none. */
const notSeen = (error: unknown): undefined => {
  console.warn('The page in view could not be read:', errorName(error));
};

/** What the agent is looking at, of all inboxes and of the conversations in the bell. */
export const activeView = async ({ me, items }: Pick<Bell, 'me' | 'items'>): Promise<ActiveView> => {
  const [page, signedIn] = await Promise.all([me && pageInView().catch(notSeen), account.getValue()]);
  return me && page ? viewedAt(me, items, page, signedIn?.server) : { inboxFocused: false, conversationId: null };
};
