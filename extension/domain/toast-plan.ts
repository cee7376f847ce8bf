import type { Notification } from '@converso/shared';

/** More toasts than this at once become one summary; so do more sticky ones. */
export const TOASTS_AT_ONCE = 3;

/** A handover's toast stays on the screen until it is dealt with. */
export const isSticky = (notification: Notification): boolean => notification.reason === 'handover';

export interface ToastPlan {
  /** Each gets its own toast, oldest news first, so that the newest ends on top. */
  own: Notification[];
  /** What the summary toast stands for; empty: no summary. */
  summary: Notification[];
  /** True when the summary has something new to say, so that it pops up again. */
  summaryIsNews: boolean;
}

/**
 * Who gets a toast of their own and what becomes one summary.
 *
 * @param incoming what a person is to be told of now
 * @param active the sticky toasts on the screen
 * @param summarised what the summary on the screen stands for and is still open
 * @param atOnce how many may get a toast of their own at the same time
 */
export const planToasts = (
  incoming: Notification[],
  active: Notification[],
  summarised: Notification[],
  atOnce = TOASTS_AT_ONCE,
): ToastPlan => {
  const byConversation = (...lists: Notification[][]) => [
    ...new Map(lists.flat().map((item) => [item.conversation.id, item])).values(),
  ];
  const sticky = byConversation(active, summarised.filter(isSticky), incoming.filter(isSticky));
  const tooManySticky = sticky.length > TOASTS_AT_ONCE && incoming.some(isSticky);
  const tooMany = incoming.length > atOnce;

  const joining = tooMany ? incoming : tooManySticky ? incoming.filter(isSticky) : [];
  const own = incoming.filter((item) => !joining.includes(item)).toSorted((a, b) => a.alertedSeq - b.alertedSeq);
  const owned = new Set(own.map((item) => item.conversation.id));
  const summary = byConversation(summarised, tooManySticky ? active : [], joining);
  return {
    own,
    summary: summary.filter((item) => !owned.has(item.conversation.id)),
    summaryIsNews: joining.length > 0,
  };
};
