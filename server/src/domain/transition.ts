/** How one event changes the state of its conversation, wherever in the timeline the event belongs. */
import { type ConversationState, fold, foldAll } from './conversation.ts';
import { compareKeys, inOrder, type Key, keyOf, type Placed, secondOf } from './order.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** One event, with the states before and after it was added to the timeline. */
export interface Transition extends Placed {
  before: ConversationState;
  after: ConversationState;
  /** The event arrived late: the customer has written since, or the assistant has given up since. */
  superseded: boolean;
}

/** Whether the key belongs to something that happened after the other key; never if there is nothing. */
export const isLater = (key: Key | null, than: Key): boolean => key !== null && compareKeys(key, than) > 0;

/**
 * Adds an event to a conversation.
 * @param known all events so far; used only where the event is not the newest, see `needsHistory`
 * @param groupId the group of a conversation whose events name none
 */
export function transitionOf(
  before: ConversationState,
  event: TimelineEvent,
  known: readonly TimelineEvent[],
  groupId: string,
): { transition: Transition; placed: readonly Placed[] | null } {
  if (!needsHistory(before, [event])) {
    const key = keyOf(event);
    return { transition: { before, after: fold(before, event, key), event, key, superseded: false }, placed: null };
  }
  const placed = inOrder([...known, event]);
  const { key } = placed.find((each) => each.event === event)!;
  const after = foldAll(placed, groupId);
  const wroteSince = placed.some((each) => each.event.type === 'received' && isLater(each.key, key));
  const superseded = wroteSince || isLater(after.pending.handover, key);
  return { transition: { before, after, event, key, superseded }, placed };
}

/**
 * Whether the state after these events can be found only by folding all events again: one of them is older than the
 * newest event, or it may change the places of other events.
 */
export const needsHistory = (state: ConversationState, events: readonly TimelineEvent[]): boolean =>
  events.some((event) => isOlder(state, event) || sharesSecond(state, event) || concernsReply(state, event));

const isOlder = ({ last }: ConversationState, event: TimelineEvent): boolean => isLater(last, keyOf(event));

/** An event without fractions of a second has a place that depends on the other events of its second. */
const sharesSecond = ({ wholeSecond }: ConversationState, event: TimelineEvent): boolean =>
  !event.wholeSecond && wholeSecond === secondOf(event.at);

/** A reply that names an older message or one that has not arrived, or a message that such a reply names. */
const concernsReply = ({ latest, unseen }: ConversationState, event: TimelineEvent): boolean =>
  event.type === 'sent' && event.inReplyTo !== undefined
    ? event.inReplyTo !== latest?.id
    : event.type === 'received' && unseen.includes(event.id);
