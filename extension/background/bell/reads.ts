/**
 * Marks notifications read: at once on this device, and at the server as soon as it can be reached.
 */
import type { Notification } from '@converso/shared';
import { readAll, readConversation } from '../../api.ts';
import { highestSeq, isReadValid, openAt, type Read, withAcknowledged, withRead } from '../../domain/bell.ts';
import { isBuiltIn } from '../../domain/inbox-url.ts';
import { placeOf } from '../../domain/inboxes.ts';
import type { Result } from '../../messages.ts';
import { account, pendingReads, storedBell } from '../../state.ts';
import { bellQueue } from '../bell-queue.ts';
import { activeView } from '../inbox/inbox-tabs.ts';
import { createQueue } from '../queue.ts';
import { reconcile } from '../toasts/reconcile.ts';
import { storeBell } from './bell.ts';

const pendingReadsQueue = createQueue();

const request = async (read: Read): Promise<Result> => {
  const signedIn = await account.getValue();
  if (!signedIn) return { ok: false, error: 'signed_out' };
  return read.conversationId === undefined
    ? readAll(signedIn, read.upTo)
    : readConversation(signedIn, read.conversationId);
};

/** Whether a request should be repeated: there was no answer, or the server was busy. A refused request is final. */
const isUnanswered = (answer: Result): boolean =>
  !answer.ok && (answer.error === 'unreachable' || answer.error === 'too_many');

const changePending = (change: (reads: Read[]) => Read[]): Promise<void> =>
  pendingReadsQueue.run(async () => pendingReads.setValue(change(await pendingReads.getValue())));

const isSame = (a: Read, b: Read) => a.conversationId === b.conversationId && a.upTo === b.upTo;

/**
 * Sends a read to the server, or keeps it for later. It is kept before it is sent, so that a worker that is stopped
 * in between sends it in its next lifetime.
 */
export const sendRead = async (read: Read): Promise<Result> => {
  await changePending((reads) => [...reads, read]);
  const answer = await request(read);
  if (isUnanswered(answer)) return { ok: true };
  await changePending((reads) => reads.filter((other) => !isSame(other, read)));
  return answer;
};

/** Sends what was read while the server could not be reached, oldest first, unless the customer wrote again since. */
export const flushReads = (): Promise<void> =>
  pendingReadsQueue.run(async () => {
    for (;;) {
      const [first, ...rest] = await pendingReads.getValue();
      if (!first) return;
      if (isReadValid(await storedBell.getValue(), first) && isUnanswered(await request(first))) return;
      await pendingReads.setValue(rest);
    }
  });

/** Marks read on this device, and withdraws the toasts. Only from within `bellQueue`. */
const readHere = async (isRead: (item: Notification) => boolean): Promise<void> => {
  const bell = await storedBell.getValue();
  const items = bell.items.filter((item) => item.state === 'open' && isRead(item));
  const changed = withAcknowledged(withRead(bell, isRead), items);
  if (items.length > 0) await storeBell(changed);
  // The server must learn of the read all the same. What stays on the screen is withdrawn with the next change.
  await reconcile(changed).catch((error) => console.error('A toast could not be withdrawn:', error));
};

/**
 * The agent opened the conversation: its notification is read, on every device. The server's own inbox says so itself
 * when it shows the chat, which it does not before somebody is signed in there.
 */
export const readByOpening = async (conversationId: string): Promise<void> => {
  const [{ me, items }, signedIn] = await Promise.all([storedBell.getValue(), account.getValue()]);
  const item = items.find(({ conversation }) => conversation.id === conversationId);
  const inbox = me && (item ? placeOf(me, item.conversation).inbox : me.inbox);
  if (inbox && isBuiltIn(inbox, signedIn?.server)) return;
  const upTo = await bellQueue.run(async () => {
    await readHere((item) => item.conversation.id === conversationId);
    return highestSeq(await storedBell.getValue());
  });
  await sendRead({ conversationId, upTo });
};

/** "Mark all as read": everything the list showed, and nothing that came since. */
export const readEverything = async (): Promise<Result> => {
  const upTo = await bellQueue.run(async () => {
    await readHere(() => true);
    return highestSeq(await storedBell.getValue());
  });
  return sendRead({ upTo });
};

/** The agent turned to a page: if it shows a conversation with an open notification, that one is read. */
export const readInView = async (): Promise<void> => {
  const { conversationId } = await activeView(await storedBell.getValue());
  if (conversationId !== null && openAt(await storedBell.getValue(), conversationId))
    await readByOpening(conversationId);
};
