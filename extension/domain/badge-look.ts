import type { ConnectionStatus } from './connection-status.ts';

/** The connection may be down this long (milliseconds) before the badge says so: short breaks are nobody's business. */
export const OFFLINE_SHOWN_AFTER_MS = 60_000;

export interface BadgeFacts {
  status: ConnectionStatus;
  /** Epoch milliseconds since when the connection is as it is. */
  since: number;
  unread: number;
  /** "Enable message notifications". */
  switchedOn: boolean;
  paused: boolean;
  /** Epoch milliseconds. */
  now: number;
}

export interface BadgeLook {
  text: string;
  /** What a pointer on the icon is told. */
  says: 'signed_out' | 'offline' | 'switched_off' | 'paused' | 'unread';
  tone: 'count' | 'grey';
  /** The bell is crossed: no toasts come. */
  crossed: boolean;
}

/** The count is absolute and the server's; where it cannot be trusted, a grey "!" stands in its place. */
export const badgeLook = ({ status, since, unread, switchedOn, paused, now }: BadgeFacts): BadgeLook => {
  if (status === 'signed_out') return { text: '!', says: 'signed_out', tone: 'grey', crossed: false };
  const crossed = !switchedOn || paused;
  // Down since a moment that lies ahead: the clock was set back, and nobody knows for how long it is down.
  const isLong = now - since >= OFFLINE_SHOWN_AFTER_MS || since > now;
  if (status !== 'connected' && status !== 'polling' && isLong) {
    return { text: '!', says: 'offline', tone: 'grey', crossed };
  }
  const text = unread <= 0 ? '' : unread > 99 ? '99+' : String(unread);
  const says = !switchedOn ? 'switched_off' : paused ? 'paused' : 'unread';
  return { text, says, tone: 'count', crossed };
};
