/**
 * Every key the extension stores, once, with its type and default. The worker writes all of them but
 * `signInDraft`, which is the welcome page's; popup and welcome page read and watch. `local:` survives
 * a browser restart, `session:` only the worker's.
 */
import type { Me, Notification } from '@converso/shared';
import { storage } from 'wxt/utils/storage';

/** The signed-in session. Erased by every sign-out. */
export interface Account {
  /** Origin of the server, without a trailing slash. */
  server: string;
  token: string;
}

/**
 * What the server has told this device: cursor and list are one item, so that they cannot disagree.
 * Erased by every sign-out.
 */
export interface Bell {
  /** Last stream id whose consequences (toast or reason why not) are carried out; null before the first snapshot. */
  cursor: string | null;
  me: Me | null;
  /** Newest first. */
  items: Notification[];
  /** Absolute, from the server. */
  unread: number;
  /** Per conversation, the highest `alertedSeq` this device has told of or decided not to. */
  handled: Record<string, number>;
}

/** How much of a message a toast shows. */
export type PreviewLevel = 'full' | 'sender' | 'nothing';

/** What belongs to this device, not to the agent. Kept across sign-outs. */
export interface Device {
  /** Epoch milliseconds, or null when not paused. */
  pausedUntil: number | null;
  preview: PreviewLevel;
}

/** Where the line to the server stands. */
export type LineState =
  | 'signed_out'
  | 'connecting'
  | 'connected'
  /** No network, no answer, or a server in trouble: retried by itself. */
  | 'disconnected'
  /** Another browser with the same session took over: retried when the device is used. */
  | 'replaced';

export interface Connection {
  state: LineState;
  /** Epoch milliseconds since when `state` holds. */
  since: number;
  /** Epoch milliseconds of the last bytes from the server; null if never. */
  lastEventAt: number | null;
  /** True when the server ended the session, not the agent. */
  againstWill: boolean;
}

/** What the system lets us show, and when a toast was last made (epoch milliseconds). */
export interface ToastHealth {
  permission: 'granted' | 'denied';
  lastToastAt: number | null;
}

/** Reads made while the server could not be reached; sent, oldest first, when it can be. */
export interface PendingRead {
  /** A conversation, or everything up to a seq. */
  conversationId?: string;
  upTo?: number;
}

/** What the welcome page had reached when it was closed. */
export interface SignInDraft {
  server: string;
  email: string;
  /** Epoch milliseconds when the code was sent, or null before that. */
  codeSentAt: number | null;
}

/** What an administrator sets by policy (`managed_schema.json`). */
export interface ManagedSettings {
  /** Origin of the server. */
  server?: string;
  /** True: the agent cannot choose another one. */
  lockServer?: boolean;
}

export const NO_BELL: Bell = { cursor: null, me: null, items: [], unread: 0, handled: {} };

export const account = storage.defineItem<Account | null>('local:account', { fallback: null });
export const bell = storage.defineItem<Bell>('local:bell', { fallback: NO_BELL });
export const device = storage.defineItem<Device>('local:device', { fallback: { pausedUntil: null, preview: 'full' } });
export const connection = storage.defineItem<Connection>('local:connection', {
  fallback: { state: 'signed_out', since: 0, lastEventAt: null, againstWill: false },
});
export const toastHealth = storage.defineItem<ToastHealth>('local:toastHealth', {
  fallback: { permission: 'granted', lastToastAt: null },
});
export const pendingReads = storage.defineItem<PendingRead[]>('local:pendingReads', { fallback: [] });
export const signInDraft = storage.defineItem<SignInDraft | null>('local:signInDraft', { fallback: null });
