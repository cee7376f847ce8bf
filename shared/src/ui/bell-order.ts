import type { Notification } from '../notification.ts';

/**
 * When a notification last had something to tell (epoch milliseconds). Not `updatedAt` alone: marking it read
 * or settling it changes that too, and would shuffle the list under the agent's hand.
 */
export function toldAt(item: Notification): number {
  if (item.alert) return Date.parse(item.updatedAt);
  const created = Date.parse(item.createdAt);
  return item.message ? Math.max(created, Date.parse(item.message.sentAt)) : created;
}

/** Newest first; equal moments by the server's sequence. */
export const newestFirst = (items: readonly Notification[]): Notification[] =>
  [...items].sort((a, b) => toldAt(b) - toldAt(a) || b.seq - a.seq);

/** Since when the customer waits that has waited longest (epoch milliseconds), among what is still open; null if none waits. */
export function longestWaitSince(items: readonly Notification[]): number | null {
  const waits = items.flatMap((item) =>
    item.state === 'open' && item.waitingSince ? [Date.parse(item.waitingSince)] : [],
  );
  return waits.length > 0 ? Math.min(...waits) : null;
}
