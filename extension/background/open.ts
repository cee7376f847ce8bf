import { bell } from '../state.ts';
import { openInbox, openPage } from './open-tab.ts';
import { packaged } from './packaged.ts';
import { readByOpening } from './reads.ts';

/** Opens the page where one signs in. */
export const openWelcome = (): Promise<void> => openPage(packaged('welcome.html'));

/** Opens the inbox or, where nobody is signed in, the page where one does. */
export const openInboxPage = async (): Promise<void> => {
  const { me } = await bell.getValue();
  if (me) await openInbox(me.inbox, null);
  else await openWelcome();
};

/**
 * Brings a conversation to the front wherever it costs the agent least, or the page where one signs in. Tells whether
 * it is the conversation.
 */
export const showConversation = async (conversationId: string): Promise<boolean> => {
  const { me } = await bell.getValue();
  if (me) await openInbox(me.inbox, conversationId);
  else await openWelcome();
  return me !== null;
};

/** Opens a conversation; its toast goes, its notification is read. */
export const openConversation = async (conversationId: string): Promise<void> => {
  if (await showConversation(conversationId)) await readByOpening(conversationId);
};
