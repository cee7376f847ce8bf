/**
 * Carries out what the stream or a poll brings: bell, badge, then the toast or the reason why not. The cursor moves
 * last, so that a worker that is stopped in between does it again.
 */
import type { Notification } from '@converso/shared';
import {
  acknowledgedSeqOf,
  type Bell,
  endedBeforeNotified,
  highestSeq,
  withAcknowledged,
  withReads,
} from '../../domain/bell.ts';
import { errorName } from '../../domain/error-name.ts';
import { type BellEvent, bellEventOf, parseBellEvent, withEvent } from '../../domain/stream-event.ts';
import { account, device, pendingReads, storedBell } from '../../state.ts';
import { runInSession, storeBell } from '../bell/bell.ts';
import { recordDecisions } from '../bell/decision-log.ts';
import { notify, notifyPending } from '../bell/notify.ts';
import { notifyContext } from '../bell/notify-context.ts';
import { flushReads, readInView, sendRead } from '../bell/reads.ts';
import { bellQueue } from '../bell-queue.ts';
import { checkInbox } from '../inbox/inbox-address.ts';
import { reconcile } from '../toasts/reconcile.ts';
import { refreshToast } from '../toasts/toast.ts';
import { refreshMe, withdrawIfOff } from './me.ts';
import type { Polled } from './poll.ts';
import type { StreamEvent } from './stream.ts';

export interface Receive {
  /** A stream begins: what comes until `caught_up` is collected. */
  opened(): void;
  /**
   * An event of the stream that this token opened. Resolves when its consequences are carried out. Rejects when a step
   * failed; from then on nothing of this stream is carried out, so that the cursor cannot move past that event.
   */
  event(event: StreamEvent, token: string): Promise<void>;
  /**
   * What a poll brought. The cursor stays, for it is the stream's. Nothing is done when `isTooLate` says, at its turn,
   * that a stream has caught up meanwhile. Rejects when a step failed.
   */
  polled(polled: Polled, token: string, isTooLate: () => boolean): Promise<void>;
}

const readable = (type: string, read: () => BellEvent | null): BellEvent | null => {
  try {
    return read();
  } catch (error) {
    // One event that cannot be read must not keep the others away. Its text stays out of the log.
    console.warn(`An event "${type}" was skipped:`, errorName(error));
    return null;
  }
};
const parsed = ({ type, data }: StreamEvent) => readable(type, () => parseBellEvent(type, data));

/** The items of a poll as events of a stream, oldest first. */
const eventsOf = ({ items, unread }: Polled): BellEvent[] =>
  items
    .toReversed()
    .flatMap((item) => readable('notification', () => bellEventOf('notification', { ...item, unread })) ?? []);

/** An event that came live. */
const live = async (event: BellEvent, cursor: string | null): Promise<void> => {
  const before = await storedBell.getValue();
  let bell = withEvent(before, event);
  await storeBell(bell);
  if (event.type === 'preferences') await withdrawIfOff(event.data);
  if (event.type === 'notification') bell = await consider(bell, event.data.id);
  await storeBell({ ...bell, cursor: cursor ?? bell.cursor });
};

/** Toast or not, for one notification that has just changed. */
const consider = async (bell: Bell, notificationId: string): Promise<Bell> => {
  const notification = bell.items.find((item) => item.id === notificationId);
  if (notification?.state !== 'open') {
    await reconcile(bell);
    if (notification) await recordEnded(bell, [notification]);
    return bell;
  }
  const context = await notifyContext(bell);
  if (context.view.conversationId === notification.conversation.id) {
    // The customer writes in the chat that is on the screen: it is read as it comes.
    const conversationId = notification.conversation.id;
    void sendRead({ conversationId, upTo: notification.seq }).catch(report);
    const read = withReads(bell, [{ conversationId, upTo: notification.seq }]);
    await reconcile(read);
    await recordDecisions(new Map([[notification, 'in_view' as const]]));
    return withAcknowledged(read, [notification]);
  }
  if (notification.alertedSeq <= acknowledgedSeqOf(bell, notification.conversation.id)) {
    // No news, but perhaps the customer has a name now: a toast on the screen should know it.
    const { preview } = await device.getValue();
    await refreshToast(notification, { me: bell.me, preview });
  }
  return notify(bell, [notification], context);
};

/** Records what was dealt with before this device showed it. */
const recordEnded = (bell: Bell, items: Notification[]): Promise<void> =>
  recordDecisions(
    new Map(items.filter((item) => endedBeforeNotified(bell, item)).map((item) => [item, 'not_open' as const])),
  );

/**
 * Carries out a snapshot, replay or poll at its end: all events at once, then the toasts for what is still open. Revisions
 * up to `knownSeq` are no news.
 */
const caughtUp = async (
  collected: BellEvent[],
  unread: number | null,
  cursor: string | null,
  knownSeq = 0,
): Promise<void> => {
  const before = await storedBell.getValue();
  const after = collected.reduce(withEvent, before);
  const counted = unread === null ? after : { ...after, unread };
  const bell = withReads(counted, await pendingReads.getValue());
  await storeBell({ ...bell, cursor: before.cursor });
  if (bell.me) await withdrawIfOff(bell.me.preferences);
  const notified = await notifyPending(bell);
  const changed = new Set(
    collected.flatMap(({ type, data }) => (type === 'notification' && data.seq > knownSeq ? [data.id] : [])),
  );
  await recordEnded(
    bell,
    bell.items.filter(({ id }) => changed.has(id)),
  );
  await storeBell({ ...notified, cursor: cursor ?? notified.cursor });
  void flushReads().catch(report);
  // A message in a conversation that is on the screen counts as read.
  void readInView().catch(report);
};

const unreadOf = (data: string): number | null => {
  const { unread } = JSON.parse(data) as { unread?: unknown };
  return typeof unread === 'number' ? unread : null;
};

/** Reports a step that the cursor does not rely on: the next event, alarm or look does it again. */
const report = (error: unknown) => console.error('A step beside the stream could not be carried out:', error);

export const createReceive = (): Receive => {
  /** What came since the stream began, until it has caught up; null when it is live. */
  let collected: BellEvent[] | null = [];
  /** The last id among them. */
  let lastId: string | null = null;
  /** The profile was refreshed since this worker started. */
  let isMeCurrent = false;
  /** The sources for whose inbox the profile was fetched again. */
  const asked = new Set<string>();
  /** A step failed since the stream began. */
  let hasFailed = false;

  /** A source that was plugged in since the profile was fetched may have an inbox. Most have none, so each is asked for once. */
  const learnInbox = (me: Bell['me'], source: string | null): void => {
    if (!source || asked.has(source) || me?.inboxes?.some((inbox) => inbox.source === source)) return;
    asked.add(source);
    void refreshMe().catch(report);
  };

  const take = async (event: StreamEvent): Promise<void> => {
    if (event.type === 'caught_up') {
      const events = collected ?? [];
      collected = null;
      await caughtUp(events, unreadOf(event.data), event.id ?? lastId);
      const hasSnapshot = events.some(({ type }) => type === 'snapshot');
      if (hasSnapshot) void checkInbox().catch(report);
      else if (!isMeCurrent) void refreshMe().catch(report);
      isMeCurrent = true;
      return;
    }
    const known = parsed(event);
    // A snapshot in a live stream means that the server does not know the cursor any more. The stream begins again.
    if (known?.type === 'snapshot') collected = [];
    if (collected) {
      if (known) collected.push(known);
      lastId = event.id ?? lastId;
      return;
    }
    if (known) {
      await live(known, event.id);
      if (known.type === 'notification') learnInbox((await storedBell.getValue()).me, known.data.conversation.source);
      return;
    }
    if (event.id === null) return;
    // This version does not know the event or cannot read it. The cursor moves past it.
    const bell = await storedBell.getValue();
    await storedBell.setValue({ ...bell, cursor: event.id });
  };

  return {
    opened: () => {
      void bellQueue.run(async () => {
        collected = [];
        lastId = null;
        hasFailed = false;
      });
    },
    event: (event, token) =>
      bellQueue.run(async () => {
        if (hasFailed) return;
        try {
          // The event belongs to another session when the agent has signed out or changed meanwhile.
          if ((await account.getValue())?.token === token) await take(event);
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }),
    polled: (polled, token, isTooLate) =>
      runInSession(token, async () => {
        if (isTooLate()) return;
        const known = await storedBell.getValue();
        // A poll brings again what is known, and a device that knew nothing has missed nothing.
        const knownSeq = known.cursor === null ? Number.POSITIVE_INFINITY : highestSeq(known);
        await caughtUp(eventsOf(polled), polled.unread, null, knownSeq);
      }),
  };
};
