import type { Preferences } from '@converso/shared';
import { isPaused } from '../../domain/pause.ts';
import type { ConnectionRecord, Device, ToastHealth } from '../../state.ts';

/** What the agent must know before trusting the list or waiting for a toast. Moments are epoch milliseconds. */
export type Notice =
  | { kind: 'disconnected' | 'connecting'; since: number | null }
  | { kind: 'polling' | 'replaced' | 'off' | 'blocked' | 'inbox' }
  | { kind: 'paused'; until: number };

export interface NoticeFacts {
  connection: ConnectionRecord;
  health: ToastHealth;
  /** The inbox that the server names may not be opened. */
  inboxRefused: boolean;
  /** Null before the server has told them. */
  preferences: Preferences | null;
  device: Device;
  now: number;
}

/** A connection that is being made this soon after the last word from the server is nobody's business. */
const SHORT_BREAK_MS = 45_000;
/** A first connection may take this long before the page says that it is being made. */
const PATIENCE_MS = 3_000;

function connectionNotice({ connection, now }: NoticeFacts): Notice[] {
  const { state, since, lastEventAt } = connection;
  if (state === 'replaced' || state === 'polling') return [{ kind: state }];
  // Not `since`: every vain attempt begins a new one, but what is shown dates from the server's last word.
  if (state === 'disconnected') return [{ kind: 'disconnected', since: lastEventAt }];
  if (state !== 'connecting') return [];
  const silent = lastEventAt === null ? now - since >= PATIENCE_MS : now - lastEventAt >= SHORT_BREAK_MS;
  return silent ? [{ kind: 'connecting', since: lastEventAt }] : [];
}

/** Of the reasons why no toast comes, the one the agent chose stands before the one that happened. */
function quietNotice({ preferences, device, health, now }: NoticeFacts): Notice[] {
  if (preferences?.messageNotifications === false) return [{ kind: 'off' }];
  const { pausedUntil } = device;
  if (pausedUntil !== null && isPaused(pausedUntil, now)) return [{ kind: 'paused', until: pausedUntil }];
  return health.permission === 'denied' ? [{ kind: 'blocked' }] : [];
}

/** At most three: how far the list can be trusted, why no toasts come, and why no click leads to the inbox. */
export const noticesFor = (facts: NoticeFacts): Notice[] => [
  ...connectionNotice(facts),
  ...quietNotice(facts),
  ...(facts.inboxRefused ? [{ kind: 'inbox' } as const] : []),
];
