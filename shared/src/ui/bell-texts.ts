import type { Reason, Why } from '../notification.ts';
import type { Span } from './age.ts';

/** Every word the bell shows, so that the popup can take them from the browser's locale and the inbox from a file. */
export interface BellTexts {
  /** Names the list for screen readers. */
  title(): string;
  /** "3 unread". */
  unread(count: number): string;
  /** The mark before an open notification, for screen readers. */
  unreadMark(): string;
  markAllRead(): string;
  emptyTitle(): string;
  emptyText(): string;
  /** "just now", "4 min". */
  span(span: Span): string;
  /** Why the agent is told, in a few words; of a message that is dealt with, only that it was one. */
  reason(reason: Reason, why: Why, open: boolean): string;
  /** "3 messages". */
  messages(count: number): string;
  /** "waiting 12 min". */
  waiting(span: string): string;
  /** "Longest wait: 3 h", above the list. */
  longestWait(span: string): string;
  /** "Settled by Ben"; null where nobody is named. */
  settledBy(name: string | null): string;
  /** A customer without name and number. */
  guest(): string;
  /** In place of a message that has no text (a picture, a file). */
  noText(): string;
  /** In place of a message where the customer has written none. */
  noMessage(reason: Reason): string;
}
