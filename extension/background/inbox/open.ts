import type { Me } from '@converso/shared';
import { requestTicket } from '../../api.ts';
import type { Bell } from '../../domain/bell.ts';
import { isBuiltIn, withTicket } from '../../domain/inbox-url.ts';
import { placeOf } from '../../domain/inboxes.ts';
import { urlOf } from '../../domain/tab-choice.ts';
import { account, storedBell } from '../../state.ts';
import { assetUrl } from '../asset-url.ts';
import { refusalOf } from './inbox-address.ts';
import { openInbox, openPage } from './open-tab.ts';

/** Opens the page where one signs in. */
export const openWelcome = (): Promise<void> => openPage(assetUrl('welcome.html'));

/** Where a conversation opens; one that is not in the bell any more, and the list of all, open in the default inbox. */
const placeIn = (
  { me, items }: Bell,
  conversationId: string | null,
): { inbox: Me['inbox']; id: string | null } | null => {
  if (me === null) return null;
  const item = items.find(({ conversation }) => conversation.id === conversationId);
  return item ? placeOf(me, item.conversation) : { inbox: me.inbox, id: conversationId };
};

/**
 * Makes addresses by which the server's own inbox opens signed in. The ticket is asked for once, when a page is to be
 * loaded, and never for an inbox elsewhere: it would be a stranger's.
 */
const signedInAddress = (inbox: Me['inbox']) => {
  let ticket: Promise<string | null> | undefined;
  return async (url: string): Promise<string> => {
    const signedIn = await account.getValue();
    if (!signedIn || !isBuiltIn(inbox, signedIn.server)) return url;
    ticket ??= requestTicket(signedIn);
    const given = await ticket;
    return given === null ? url : withTicket(url, given);
  };
};

/**
 * Opens the inbox, at a conversation where one is named. Where nobody is signed in, or the address is not one that may be
 * opened, opens the page that says so. Resolves to whether the inbox was opened.
 */
const openOrExplain = async (conversationId: string | null): Promise<boolean> => {
  const place = placeIn(await storedBell.getValue(), conversationId);
  const isAllowed = place !== null && (await refusalOf(urlOf(place.inbox, place.id))) === null;
  if (isAllowed) await openInbox(place.inbox, place.id, signedInAddress(place.inbox));
  else await openWelcome();
  return isAllowed;
};

/** Opens the inbox or, where nobody is signed in, the page where one does. */
export const openInboxPage = async (): Promise<void> => {
  await openOrExplain(null);
};

/**
 * Brings a conversation to the front in the tab that costs the agent least, or opens the page where one signs in.
 * Resolves to whether the conversation was opened.
 */
export const showConversation = (conversationId: string): Promise<boolean> => openOrExplain(conversationId);
