/**
 * How long what is over is kept, and when a message can no longer be emailed. The reasons are in
 * docs/decisions/retention.md.
 */
import type { ConversationState } from './conversation.ts';
import { messageEventId } from './timeline-event.ts';

/** The kinds that are pruned, in the order of a sweep: rows before the rows they refer to, the largest kind last. */
export const PRUNED_KINDS = [
  'codes',
  'pending',
  'sessions',
  'events',
  'ledger',
  'digests',
  'slots',
  'notifications',
] as const;

export type PrunedKind = (typeof PRUNED_KINDS)[number];

const DAY = 24 * 60 * 60 * 1000;

/** Milliseconds that each is kept: after its end, its arrival or its last use; after they expire where they do. */
export const KEPT_FOR: Readonly<Record<PrunedKind, number>> = {
  codes: 0,
  pending: 0,
  sessions: 90 * DAY,
  events: 30 * DAY,
  ledger: 90 * DAY,
  digests: 400 * DAY,
  slots: 400 * DAY,
  notifications: 30 * DAY,
};

/**
 * Whether a message of a conversation can ever be due for an email, now or after whatever happens in it. A newer
 * message takes its place for good. Closing does not end a wait: a chat that is reopened by hand waits as before. A
 * handover makes an answered message due again only within `HANDED_OVER_WITHIN_MS`, so before the ledger is pruned.
 */
export const mayBecomeDue = (
  { latest, waitingSince, waitedBeforeClosing }: ConversationState,
  messageId: string,
): boolean => latest?.id === messageEventId(messageId) && (waitingSince ?? waitedBeforeClosing) !== null;
