import type { Me, Notification, Preferences } from '@converso/shared';

/**
 * What the server has told this device: cursor and list are one item, so that they cannot disagree.
 * Erased by every sign-out.
 */
export interface Bell {
  /** Last stream id whose consequences (toast or reason why not) are carried out; null before the first snapshot. */
  cursor: string | null;
  me: Me | null;
  /** Newest first. */
  items: Notification[];
  /** Absolute, from the server. */
  unread: number;
  /**
   * Acknowledged news: per conversation, the highest `alertedSeq` that this device has shown or decided not to show.
   * Installed extensions store it under this name.
   */
  handled: Record<string, number>;
}

export const NO_BELL: Bell = { cursor: null, me: null, items: [], unread: 0, handled: {} };

/** The list keeps every open notification, … */
export const KEPT_IN_ALL = 250;
/** … and of the others this many. */
export const KEPT_LATEST = 50;

/**
 * Newest news first. Being read or settled gives a notification a new `seq` but is no news, so it keeps
 * its place in the list.
 */
const byNews = (a: Notification, b: Notification): number => b.alertedSeq - a.alertedSeq || b.seq - a.seq;

const capped = (items: Notification[]): Notification[] => {
  let others = 0;
  return items
    .toSorted(byNews)
    .filter((item) => item.state === 'open' || ++others <= KEPT_LATEST)
    .slice(0, KEPT_IN_ALL);
};

/** Forgets what was acknowledged in conversations that are no longer listed. */
const pruned = (acknowledged: Bell['handled'], items: Notification[]): Bell['handled'] => {
  const listed = new Set(items.map((item) => item.conversation.id));
  return Object.fromEntries(Object.entries(acknowledged).filter(([conversationId]) => listed.has(conversationId)));
};

/** A revision of one notification. An older revision than the one at hand changes nothing but the count. */
export const withNotification = (bell: Bell, notification: Notification, unread: number): Bell => {
  const known = bell.items.find((item) => item.id === notification.id);
  if (known && known.seq >= notification.seq) return { ...bell, unread };
  const items = capped([notification, ...bell.items.filter((item) => item !== known)]);
  return { ...bell, items, unread, handled: pruned(bell.handled, items) };
};

/**
 * The server's whole list replaces ours. What was acknowledged stays acknowledged, except where it is beyond the
 * notification's own `seq`: then the server began to count anew, and our memory says nothing about it.
 */
export const withSnapshot = (bell: Bell, snapshot: { me: Me; unread: number; items: Notification[] }): Bell => {
  const items = capped(snapshot.items);
  const seqs = new Map<string, number>();
  for (const { conversation, seq } of items) seqs.set(conversation.id, Math.max(seq, seqs.get(conversation.id) ?? 0));
  const acknowledged = Object.fromEntries(
    Object.entries(bell.handled).filter(
      ([conversationId, alertedSeq]) => alertedSeq <= (seqs.get(conversationId) ?? -1),
    ),
  );
  return { ...bell, me: snapshot.me, items, unread: snapshot.unread, handled: acknowledged };
};

export const withPreferences = (bell: Bell, preferences: Preferences): Bell =>
  bell.me ? { ...bell, me: { ...bell.me, preferences } } : bell;

/**
 * The highest `alertedSeq` of a conversation that this device has told of or decided not to; 0 if none. Ids are the
 * sender's, so one may be `constructor` or `__proto__`.
 */
export const acknowledgedSeqOf = ({ handled }: Pick<Bell, 'handled'>, conversationId: string): number =>
  Object.hasOwn(handled, conversationId) ? (handled[conversationId] ?? 0) : 0;

/** Notes that a person was told of these, or that it was decided not to tell. */
export const withAcknowledged = (bell: Bell, notifications: Notification[]): Bell => {
  const acknowledged = new Map(Object.entries(bell.handled));
  for (const { conversation, alertedSeq } of notifications) {
    acknowledged.set(conversation.id, Math.max(alertedSeq, acknowledged.get(conversation.id) ?? 0));
  }
  return { ...bell, handled: Object.fromEntries(acknowledged) };
};

/** Forgets that these were told. */
export const withoutAcknowledged = (bell: Bell, notifications: Notification[]): Bell => {
  const forgotten = new Set(notifications.map((item) => item.conversation.id));
  const kept = Object.entries(bell.handled).filter(([conversationId]) => !forgotten.has(conversationId));
  return { ...bell, handled: Object.fromEntries(kept) };
};

/**
 * Marks read what the server will mark read as soon as it hears of it, so that the bell answers at once.
 * The `seq` stays, so the server's own revision replaces this guess.
 */
export const withRead = (bell: Bell, isRead: (item: Notification) => boolean): Bell => {
  let count = 0;
  const items = bell.items.map((item) => {
    if (item.state !== 'open' || !isRead(item)) return item;
    count++;
    return { ...item, state: 'read' as const };
  });
  return count === 0 ? bell : { ...bell, items, unread: Math.max(0, bell.unread - count) };
};

/** A read the server may not have heard of yet. */
export interface Read {
  /** That conversation alone; else every one. */
  conversationId?: string;
  /** What the reader has seen: news beyond this `seq` are not read. */
  upTo: number;
}

/** Applies reads that the server has not heard of to what it sent in the meantime. */
export const withReads = (bell: Bell, reads: Read[]): Bell =>
  reads.reduce(
    (changed, { conversationId, upTo }) =>
      withRead(
        changed,
        (item) => item.alertedSeq <= upTo && (conversationId === undefined || item.conversation.id === conversationId),
      ),
    bell,
  );

/** Whether the server should still hear of a read: not when the customer wrote again after it. */
export const isReadValid = (bell: Bell, { conversationId, upTo }: Read): boolean =>
  !bell.items.some(
    (item) => item.conversation.id === conversationId && item.state === 'open' && item.alertedSeq > upTo,
  );

export const openItems = (bell: Bell): Notification[] => bell.items.filter((item) => item.state === 'open');

/** The one open notification of a conversation, if any. */
export const openAt = (bell: Bell, conversationId: string): Notification | undefined =>
  bell.items.find((item) => item.state === 'open' && item.conversation.id === conversationId);

/** Open, and news that this device has neither told nor decided not to tell. */
export const isPending = (bell: Bell, notification: Notification): boolean =>
  notification.state === 'open' && notification.alertedSeq > acknowledgedSeqOf(bell, notification.conversation.id);

/** Ended before this device told of its news, or decided not to. */
export const endedBeforeNotified = (bell: Bell, notification: Notification): boolean =>
  notification.state !== 'open' && notification.alertedSeq > acknowledgedSeqOf(bell, notification.conversation.id);

/** The highest `seq` this device has seen in the list. */
export const highestSeq = (bell: Bell): number => Math.max(0, ...bell.items.map((item) => item.seq));
