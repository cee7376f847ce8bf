import type { Me, Notification } from '@converso/shared';
import { conversationAt, type Inbox, isBuiltIn, isInboxPage } from './inbox-url.ts';

/** The default inbox (`source` null), or the one of a source. */
export type AnyInbox = Inbox & { source: string | null; canTake: boolean };

type Origins = Pick<Notification['conversation'], 'id' | 'source' | 'ref'>;

/** Every inbox of the business, the default one first. A server of an earlier release names no others. */
export const inboxesOf = (me: Omit<Me, 'inboxes'> & Partial<Pick<Me, 'inboxes'>>): [AnyInbox, ...AnyInbox[]] => [
  { ...me.inbox, source: null },
  ...(me.inboxes ?? []).map((inbox) => ({ ...inbox, conversationUrl: inbox.conversationUrls[0] ?? inbox.url })),
];

/** Where a conversation opens, and its id there: at its source, or in the default inbox if the source has none. */
export const placeOf = (me: Me, { id, source, ref }: Origins): { inbox: AnyInbox; id: string } => {
  const [fallback, ...others] = inboxesOf(me);
  const inbox = ref === null ? undefined : others.find((other) => other.source === source);
  return inbox && ref !== null ? { inbox, id: ref } : { inbox: fallback, id };
};

/**
 * What a page is to the agent: whether it is any inbox, and which conversation it shows; of a source's, one of `items`. The
 * built-in inbox of `server` reports itself what it shows, so it names none.
 */
export const viewedAt = (
  me: Me,
  items: readonly Pick<Notification, 'conversation'>[],
  page: string,
  server?: string,
): { inboxFocused: boolean; conversationId: string | null } => {
  const inboxes = inboxesOf(me);
  const inbox = inboxes.find((each) => conversationAt(each, page) !== null);
  const id = inbox ? conversationAt(inbox, page) : null;
  const own = isBuiltIn(me.inbox, server) ? null : id;
  const isShown = ({ conversation: { source, ref } }: (typeof items)[number]) => source === inbox?.source && ref === id;
  return {
    inboxFocused: inboxes.some((each) => isInboxPage(each, page)),
    conversationId: inbox?.source ? (items.find(isShown)?.conversation.id ?? null) : own,
  };
};
