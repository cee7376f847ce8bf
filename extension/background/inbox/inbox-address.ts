/**
 * Checks whether the inbox that the server names may be opened: when its address arrives, so that the pages can say so
 * before a click fails, and again at each click, for permissions and policies change.
 */
import { browser } from 'wxt/browser';
import { conversationUrl } from '../../domain/inbox-url.ts';
import { inboxesOf } from '../../domain/inboxes.ts';
import { type PageRefusal, pageRefusal } from '../../domain/page-address.ts';
import { account, type InboxRefusal, inboxRefusal, storedBell } from '../../state.ts';
import { readPolicy } from '../policy.ts';
import { createQueue } from '../queue.ts';
import { persist } from './persist.ts';

const inboxCheckQueue = createQueue();

const isGranted = (pattern: string): Promise<boolean> =>
  persist(() => browser.permissions.contains({ origins: [pattern] })).catch((error) => {
    console.warn('A permission could not be asked for:', error instanceof Error ? error.name : 'unknown error');
    return false;
  });

/** Why this page is not opened; null if it may be. */
export const refusalOf = async (url: string): Promise<PageRefusal | null> => {
  // A policy that cannot be read allows nothing that the agent has not granted.
  const [signedIn, policy] = await Promise.all([account.getValue(), readPolicy().catch(() => ({}))]);
  return pageRefusal(url, signedIn?.server ?? '', policy, isGranted);
};

/** Stores why one of the inboxes may not be opened, for popup and welcome page to say. */
export const checkInbox = (): Promise<void> =>
  inboxCheckQueue.run(async () => {
    const { me } = await storedBell.getValue();
    const urls = (me ? inboxesOf(me) : []).flatMap((inbox) => [inbox.url, conversationUrl(inbox, 'id')]);
    const refusals: InboxRefusal[] = [];
    for (const url of urls) {
      const reason = await refusalOf(url);
      if (reason) refusals.push({ reason, url });
    }
    // The agent can do something about a missing permission; the next one is asked for when this one is given.
    const first = refusals.find(({ reason }) => reason === 'not_granted') ?? refusals[0];
    await (first ? inboxRefusal.setValue(first) : inboxRefusal.removeValue());
  });

const report = (error: unknown) => console.error('The address of the inbox could not be checked:', error);

/** Checks it again whenever the agent gives or takes a permission. */
export const listenToPermissions = (): void => {
  const check = () => {
    checkInbox().catch(report);
  };
  browser.permissions.onAdded.addListener(check);
  browser.permissions.onRemoved.addListener(check);
};
