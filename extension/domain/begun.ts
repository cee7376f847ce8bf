import type { Notification } from '@converso/shared';

/** News whose toast was begun this often without being finished is not tried again. */
export const TRIES = 2;
/** More than are ever begun at the same time. */
const KEPT = 50;

/** News whose toast was begun. It stays noted until the toast is finished, so it is still here if the browser died over it. */
export interface Begun {
  conversationId: string;
  notificationId: string;
  alertedSeq: number;
  times: number;
}

type News = Pick<Notification, 'id' | 'alertedSeq' | 'conversation'>;

const isAbout = (begun: Begun, { id, alertedSeq, conversation }: News): boolean =>
  begun.conversationId === conversation.id && begun.notificationId === id && begun.alertedSeq === alertedSeq;

/** How often the toast of this news was begun and not finished. */
export const timesBegun = (all: readonly Begun[], news: News): number =>
  all.find((begun) => isAbout(begun, news))?.times ?? 0;

/** Notes that the toast of these news is begun (again). Older news of the same conversations are forgotten. */
export const withBegun = (all: readonly Begun[], news: readonly News[]): Begun[] => {
  const begun = news.map((item) => ({
    conversationId: item.conversation.id,
    notificationId: item.id,
    alertedSeq: item.alertedSeq,
    times: timesBegun(all, item) + 1,
  }));
  const conversationIds = new Set(begun.map(({ conversationId }) => conversationId));
  return [...all.filter(({ conversationId }) => !conversationIds.has(conversationId)), ...begun].slice(-KEPT);
};

/** Notes that the toast of these news is finished, shown or refused. */
export const withoutBegun = (all: readonly Begun[], news: readonly News[]): Begun[] =>
  all.filter((begun) => !news.some((item) => isAbout(begun, item)));
