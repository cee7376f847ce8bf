import { z } from 'zod';
import { Me, Preferences } from './agent.ts';
import { Notification } from './notification.ts';

export const Unread = z.object({ unread: z.number().int() });

/** Data of each event of `GET /v1/stream`, by event name. */
export const StreamEvents = {
  snapshot: z.object({ me: Me, unread: z.number().int(), items: z.array(Notification) }),
  caught_up: Unread,
  notification: Notification.extend({ unread: z.number().int() }),
  preferences: Preferences,
  goodbye: z.object({ reason: z.enum(['restart', 'signed_out', 'slow', 'replaced']) }),
};
export type StreamEvents = { [Name in keyof typeof StreamEvents]: z.infer<(typeof StreamEvents)[Name]> };
export type GoodbyeReason = StreamEvents['goodbye']['reason'];

/** A snapshot holds at most this many open notifications … */
export const SNAPSHOT_OPEN = 200;
/** … and this many of the latest, open or not. */
export const SNAPSHOT_LATEST = 50;
/** The server writes a comment this often (milliseconds), so that silence means a broken line. */
export const HEARTBEAT_MS = 20_000;
