import { conversationAt, conversationUrl, type Inbox, isInboxPage } from './inbox-url.ts';

export interface OpenTab {
  id: number;
  windowId: number;
  /** Unknown where the browser does not let us see it. */
  url?: string | undefined;
  active: boolean;
  /** Its window is the one the agent used last. */
  inLastWindow: boolean;
  /** Epoch milliseconds, where the browser tells. */
  lastAccessed?: number | undefined;
}

export type TabChoice =
  /** Already there: only brought to the front. */
  | { kind: 'raise'; tab: OpenTab }
  | { kind: 'navigate'; tab: OpenTab; url: string }
  | { kind: 'new_tab'; windowId: number; url: string }
  | { kind: 'new_window'; url: string };

/** The tab that costs the agent least: in the window at hand, in front there, else the one used last. */
const bestTab = (tabs: OpenTab[]): OpenTab | undefined =>
  tabs.toSorted(
    (a, b) =>
      Number(b.inLastWindow) - Number(a.inLastWindow) ||
      Number(b.active) - Number(a.active) ||
      (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0),
  )[0];

/** The address of the inbox, or of the conversation where one is named. */
export const urlOf = (inbox: Inbox, conversationId: string | null): string =>
  conversationId === null ? inbox.url : conversationUrl(inbox, conversationId);

/**
 * Which tab shows the inbox, or the conversation where one is named. Any inbox tab is reused before
 * another one is opened; one that already shows the conversation is not loaded again.
 *
 * @param windowId the window where a new tab belongs; null where there is none
 */
export const chooseTab = (
  inbox: Inbox,
  conversationId: string | null,
  tabs: OpenTab[],
  windowId: number | null,
): TabChoice => {
  const url = urlOf(inbox, conversationId);
  const isThere = ({ url: page }: OpenTab) =>
    conversationId === null ? isInboxPage(inbox, page) : conversationAt(inbox, page) === conversationId;
  const there = bestTab(tabs.filter(isThere));
  if (there) return { kind: 'raise', tab: there };
  const reusable = bestTab(tabs.filter((tab) => isInboxPage(inbox, tab.url)));
  if (reusable) return { kind: 'navigate', tab: reusable, url };
  return windowId === null ? { kind: 'new_window', url } : { kind: 'new_tab', windowId, url };
};
