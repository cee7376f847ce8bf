import type { StreamEvents } from '@converso/shared';
import { type Bell, withNotification, withPreferences, withSnapshot } from './bell.ts';

/** The events that change the bell. The others begin or end something, or are not known to this version. */
export type BellEvent = {
  [Type in 'snapshot' | 'notification' | 'preferences']: { type: Type; data: StreamEvents[Type] };
}['snapshot' | 'notification' | 'preferences'];

type Shape = Record<string, unknown>;
const isObject = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

const isNotification = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.id === 'string' &&
  typeof value.seq === 'number' &&
  typeof value.alertedSeq === 'number' &&
  typeof value.state === 'string' &&
  isObject(value.customer) &&
  isObject(value.conversation) &&
  typeof value.conversation.id === 'string' &&
  typeof value.conversation.channel === 'string' &&
  isObject(value.conversation.group);

const isSourceInbox = (value: unknown): boolean =>
  isObject(value) && typeof value.url === 'string' && Array.isArray(value.conversationUrls);

/** A server of an earlier release names no inboxes of sources. */
const isMe = (value: unknown): boolean =>
  isObject(value) &&
  isObject(value.preferences) &&
  isObject(value.inbox) &&
  (value.inboxes === undefined || (Array.isArray(value.inboxes) && value.inboxes.every(isSourceInbox)));

const IS_GOOD: { [Type in BellEvent['type']]: (data: Shape) => boolean } = {
  snapshot: (data) =>
    isMe(data.me) && typeof data.unread === 'number' && Array.isArray(data.items) && data.items.every(isNotification),
  notification: (data) => isNotification(data) && typeof data.unread === 'number',
  preferences: (data) => typeof data.messageNotifications === 'boolean',
};

/**
 * What the worker relies on, and no more: the schemas would make the worker four times as big, and a
 * newer server may send more than this version knows.
 *
 * @throws SyntaxError or TypeError when the data is not what its type promises
 */
export const parseBellEvent = (type: string, json: string): BellEvent | null =>
  Object.hasOwn(IS_GOOD, type) ? bellEventOf(type as BellEvent['type'], JSON.parse(json)) : null;

/**
 * Checks data that is parsed already.
 *
 * @throws TypeError when the data is not what its type promises
 */
export const bellEventOf = (type: BellEvent['type'], data: unknown): BellEvent => {
  if (!isObject(data) || !IS_GOOD[type](data)) throw new TypeError(`not a ${type}`);
  return { type, data } as BellEvent;
};

export const withEvent = (bell: Bell, event: BellEvent): Bell => {
  switch (event.type) {
    case 'snapshot':
      return withSnapshot(bell, event.data);
    case 'preferences':
      return withPreferences(bell, event.data);
    case 'notification': {
      const { unread, ...notification } = event.data;
      return withNotification(bell, notification, unread);
    }
  }
};
