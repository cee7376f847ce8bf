/**
 * Every key the extension stores, once, with its type and default. The worker writes all of them but
 * `signInDraft`, which is the welcome page's; popup and welcome page read and watch. `local:` survives
 * a browser restart, `session:` only the worker's.
 */
import { storage } from 'wxt/utils/storage';
import type { Begun } from './domain/begun.ts';
import { type Bell, NO_BELL, type Read } from './domain/bell.ts';
import type { ConnectionRecord, ConnectionStatus } from './domain/connection-status.ts';
import type { Decision } from './domain/decision.ts';
import type { PageRefusal } from './domain/page-address.ts';
import type { ServerPolicy } from './domain/server-address.ts';
import type { PreviewLevel } from './domain/toast-content.ts';
import type { ToastHistory } from './domain/toast-history.ts';

export type { Bell, ConnectionRecord, ConnectionStatus, PreviewLevel };
export { NO_BELL };

/** The signed-in session. Erased by every sign-out. */
export interface Account {
  /** Origin of the server, without a trailing slash. */
  server: string;
  token: string;
}

/** What belongs to this device, not to the agent. Kept across sign-outs. */
export interface Device {
  /** Epoch milliseconds, or null when not paused. */
  pausedUntil: number | null;
  preview: PreviewLevel;
  /** Handovers and chats assigned to the agent show during a pause too; missing in what older versions stored. */
  breakThrough?: boolean;
}

/** What the system lets us show, and when a toast was last made (epoch milliseconds). */
export interface ToastHealth {
  permission: 'granted' | 'denied';
  lastToastAt: number | null;
}

/** A read made while the server could not be reached; sent, oldest first, when it can be. */
export type PendingRead = Read;

/** What the welcome page had reached when it was closed. */
export interface SignInDraft {
  server: string;
  email: string;
  /** Epoch milliseconds when the code was sent, or null before that. */
  codeSentAt: number | null;
  /** Goes back to the server with the code. */
  challenge?: string | undefined;
}

/** What stands against opening the inbox. */
export interface InboxRefusal {
  reason: PageRefusal;
  url: string;
}

/** What an administrator sets by policy (`managed_schema.json`). */
export type ManagedSettings = ServerPolicy;

export const account = storage.defineItem<Account | null>('local:account', { fallback: null });
export const storedBell = storage.defineItem<Bell>('local:bell', { fallback: NO_BELL });
export const device = storage.defineItem<Device>('local:device', { fallback: { pausedUntil: null, preview: 'full' } });
export const connectionRecord = storage.defineItem<ConnectionRecord>('local:connection', {
  fallback: { state: 'signed_out', since: 0, lastEventAt: null, againstWill: false },
});
export const toastHealth = storage.defineItem<ToastHealth>('local:toastHealth', {
  fallback: { permission: 'granted', lastToastAt: null },
});
export const pendingReads = storage.defineItem<PendingRead[]>('local:pendingReads', { fallback: [] });
/** Why the inbox that the server names is not opened, and its address; null if it is. */
export const inboxRefusal = storage.defineItem<InboxRefusal | null>('local:inboxRefusal', { fallback: null });
export const signInDraft = storage.defineItem<SignInDraft | null>('local:signInDraft', { fallback: null });
/** The last decisions between a toast and none, newest first. Erased by every sign-out. */
export const decisionLog = storage.defineItem<Decision[]>('local:decisions', { fallback: [] });
/** News whose toast was begun and is not finished yet: what the browser died over, if it did. Erased by every sign-out. */
export const begun = storage.defineItem<Begun[]>('local:begun', { fallback: [] });
/**
 * What the toasts of this browser session showed, noted just before each is made: so a worker that was stopped in
 * the middle knows in its next lifetime what is on the screen already, and what was shown a moment ago stays silent.
 */
export const toastHistory = storage.defineItem<ToastHistory>('session:shown', { fallback: {} });
/** A worker has lived in this browser session, so the toasts that are remembered as told may still be on the screen. */
export const hasLived = storage.defineItem<boolean>('session:hasLived', { fallback: false });
/** Epoch milliseconds since when nobody is at the device; null while somebody is. */
export const awaySince = storage.defineItem<number | null>('session:awaySince', { fallback: null });
/** The conversations that the summary toast on the screen stands for; none without one. */
export const summaryConversationIds = storage.defineItem<string[]>('session:summarised', { fallback: [] });
/** Epoch milliseconds before which the server asked not to be called (`Retry-After`). A person's act ends it. */
export const restUntil = storage.defineItem<number>('session:restUntil', { fallback: 0 });
