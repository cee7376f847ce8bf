/** Which of two events about the same agent, group or contact is newer, whatever the order of their arrival. */
import type { IngestEvent } from '@converso/shared';
import { isWholeSecond } from './timeline-event-of.ts';

/** When and by which event something was saved or removed. */
export interface Stamp {
  /** The event's own time, epoch milliseconds. */
  at: number;
  /** A removal dated like a save comes after it. */
  removed: boolean;
  eventId: string;
}

/** Milliseconds from the first moment of a second to the last. */
const LAST_OF_SECOND_MS = 999;

/**
 * The stamp of an event. Without fractions of a second, a removal counts as the last event of its second and a save as
 * the first, so that the result does not depend on which arrives first.
 */
export function stampOf(event: Pick<IngestEvent, 'type' | 'timestamp'>, eventId: string): Stamp {
  const removed = event.type.endsWith('.removed');
  const at = Date.parse(event.timestamp);
  return { at: removed && isWholeSecond(event) ? at + LAST_OF_SECOND_MS : at, removed, eventId };
}

/** Whether an event is newer than the stored one; equal times are ordered by type, then by id. */
export function isNewer(event: Stamp, stored: Stamp): boolean {
  if (event.at !== stored.at) return event.at > stored.at;
  if (event.removed !== stored.removed) return event.removed;
  return event.eventId > stored.eventId;
}
