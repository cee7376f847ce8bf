import type { Bell } from '../../domain/bell.ts';
import type { Inbox } from '../../domain/inbox-url.ts';
import { placeOf } from '../../domain/inboxes.ts';
import { urlOf } from '../../domain/tab-choice.ts';
import { storedBell } from '../../state.ts';
import { readByOpening } from '../bell/reads.ts';
import { assetUrl } from '../toasts/asset-url.ts';
import { refusalOf } from './inbox-address.ts';
import { openInbox, openPage } from './open-tab.ts';

/** Opens the page where one signs in. */
export const openWelcome = (): Promise<void> => openPage(assetUrl('welcome.html'));

/** Where a conversation opens; one that is not in the bell any more, and the list of all, open in the default inbox. */
const placeIn = ({ me, items }: Bell, conversationId: string | null): { inbox: Inbox; id: string | null } | null => {
  if (me === null) return null;
  const item = items.find(({ conversation }) => conversation.id === conversationId);
  return item ? placeOf(me, item.conversation) : { inbox: me.inbox, id: conversationId };
};

/**
 * Opens the inbox, at a conversation where one is named. Where nobody is signed in, or the address is not one that may be
 * opened, opens the page that says so. Tells whether it is the inbox.
 */
const openOrExplain = async (conversationId: string | null): Promise<boolean> => {
  const place = placeIn(await storedBell.getValue(), conversationId);
  const isAllowed = place !== null && (await refusalOf(urlOf(place.inbox, place.id))) === null;
  if (isAllowed) await openInbox(place.inbox, place.id);
  else await openWelcome();
  return isAllowed;
};

/** Opens the inbox or, where nobody is signed in, the page where one does. */
export const openInboxPage = async (): Promise<void> => {
  await openOrExplain(null);
};

/**
 * Brings a conversation to the front wherever it costs the agent least, or the page where one signs in. Tells whether
 * it is the conversation.
 */
export const showConversation = (conversationId: string): Promise<boolean> => openOrExplain(conversationId);

/** Opens a conversation; its toast goes, its notification is read. */
export const openConversation = async (conversationId: string): Promise<void> => {
  if (await showConversation(conversationId)) await readByOpening(conversationId);
};
