/**
 * News where no stream comes through: a proxy that passes the stream's head and holds its body, or one that lets no
 * stream pass at all. The server is asked for the bell with the alarm, every 30 seconds, until a stream has caught up.
 */
import type { Notification } from '@converso/shared';
import { LONGEST_REST_MS } from '@converso/shared/reconnect';
import { getNotifications } from '../../api.ts';
import { highestSeq } from '../../domain/bell.ts';
import { needsPoll } from '../../domain/connection-status.ts';
import type { Failure } from '../../messages.ts';
import { type Account, account, connectionRecord, restUntil, storedBell } from '../../state.ts';

/** Pages that one poll reads at most, of 200 notifications each. */
const PAGES_MAX = 5;

export interface Polled {
  ok: true;
  /** Newest revision first. */
  items: Notification[];
  unread: number;
}

/** Reads pages until one reaches what is known already. */
const news = async (signedIn: Account, knownSeq: number): Promise<Polled | Failure> => {
  const items: Notification[] = [];
  let unread = 0;
  let before: number | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await getNotifications(signedIn, before);
    if (!answer.ok) return answer;
    if (before === undefined) unread = answer.unread;
    items.push(...answer.items);
    before = answer.items.at(-1)?.seq;
    if (!answer.isFull || before === undefined || before <= knownSeq) break;
  }
  return { ok: true, items, unread };
};

/**
 * Polls, if the connection has brought nothing for a while; otherwise null.
 *
 * @param used a person asked for it, so the rest that the server asked for has ended
 * @param now epoch milliseconds by the clock of the connection, which keeps the rest
 */
export const pollIfDeaf = async (
  used: boolean,
  now: number,
): Promise<{ token: string; answer: Polled | Failure } | null> => {
  const [signedIn, how, until, known] = await Promise.all([
    account.getValue(),
    connectionRecord.getValue(),
    restUntil.getValue(),
    storedBell.getValue(),
  ]);
  const rest = until - now;
  const mayAsk = used || rest <= 0 || rest > LONGEST_REST_MS;
  if (!signedIn || !mayAsk || !needsPoll(how, Date.now())) return null;
  return { token: signedIn.token, answer: await news(signedIn, highestSeq(known)) };
};
