import { browser } from 'wxt/browser';
import { bell } from '../state.ts';
import { openInbox } from './inbox-tabs.ts';
import { packaged } from './packaged.ts';
import { readByOpening } from './reads.ts';

/** Opens the page where one signs in. */
export const openWelcome = async (): Promise<void> => {
  await browser.tabs.create({ url: packaged('welcome.html') });
};

/** Opens the inbox or, where nobody is signed in, the page where one does. */
export const openInboxPage = async (): Promise<void> => {
  const { me } = await bell.getValue();
  if (me) await openInbox(me.inbox, null);
  else await openWelcome();
};

/** Opens a conversation wherever it costs the agent least; its toast goes, its notification is read. */
export const openConversation = async (conversationId: string): Promise<void> => {
  const { me } = await bell.getValue();
  if (!me) return openWelcome();
  await openInbox(me.inbox, conversationId);
  await readByOpening(conversationId);
};
