import type { Notification } from '@converso/shared';
import { customerTitle, type PreviewLevel } from './toast-content.ts';
import type { WhyNoToast } from './toast-decision.ts';

/** How many decisions are kept. */
export const DECISIONS_KEPT = 50;

/** What became of one piece of news: `toast`, `updated` and `quiet` were seen, `summary` stood for several, the rest says why not. */
export type Outcome = 'toast' | 'updated' | 'quiet' | 'summary' | 'refused' | 'no_permission' | 'in_view' | WhyNoToast;

/** One line of "Why did I get no toast?". What the customer wrote is not in it. */
export interface Decision {
  /** Epoch milliseconds. */
  at: number;
  conversationId: string;
  /** The news it is about, by their `alertedSeq`; missing in what older versions stored. */
  news?: number;
  channel: string;
  reason: Notification['reason'];
  /** Who wrote; null where the preview level hides it. */
  customer: string | null;
  outcome: Outcome;
}

export const decisionOf = (
  notification: Pick<Notification, 'conversation' | 'customer' | 'reason' | 'alertedSeq'>,
  outcome: Outcome,
  { preview, guest, at }: { preview: PreviewLevel; guest: string; at: number },
): Decision => ({
  at,
  conversationId: notification.conversation.id,
  news: notification.alertedSeq,
  channel: notification.conversation.channel,
  reason: notification.reason,
  customer: preview === 'nothing' ? null : customerTitle(notification, guest),
  outcome,
});

const SEEN: readonly Outcome[] = ['toast', 'updated', 'quiet', 'summary'];

/**
 * Whether both say the same of the same news: what a pause holds back, for one, is decided anew after each gap. What was
 * seen twice is said twice.
 */
const saysTheSame = (a: Decision, b: Decision): boolean =>
  !SEEN.includes(b.outcome) &&
  a.conversationId === b.conversationId &&
  a.news !== undefined &&
  a.news === b.news &&
  a.outcome === b.outcome;

/** The newest decisions first, each said once, no more than are kept. */
export const withDecisions = (before: readonly Decision[], made: readonly Decision[]): Decision[] => {
  const added = made.filter((decision) => !before.some((kept) => saysTheSame(kept, decision)));
  return [...added.toReversed(), ...before].slice(0, DECISIONS_KEPT);
};
