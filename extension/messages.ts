/**
 * Popup and welcome page → background. The other direction is storage (`state.ts`), so that the popup
 * can paint before the worker is awake.
 */
import type { Agent, ChooseBusiness, CodeResponse, Preferences } from '@converso/shared';
import { defineExtensionMessaging } from '@webext-core/messaging';
import type { Device } from './state.ts';

/** Why a request to the server came to nothing, in words the page can translate. */
export type Failure =
  /** No answer: no network, wrong address, or not our server (a captive portal's page, say). */
  | { ok: false; error: 'unreachable' }
  | { ok: false; error: 'too_many'; retryAfterSeconds: number }
  /** A wrong, used or expired code. */
  | { ok: false; error: 'wrong_code' }
  /** The email belongs to several businesses: ask again with one of them. */
  | { ok: false; error: 'choose_business'; businesses: ChooseBusiness['businesses'] }
  | { ok: false; error: 'signed_out' }
  | { ok: false; error: 'failed'; detail: string };

export type Result<Value = object> = ({ ok: true } & Value) | Failure;

/** What a sign-in needs. */
export interface SignIn {
  server: string;
  email: string;
  code: string;
  /** From the answer to the request for the code; absent with a server of an earlier release. */
  challenge?: string;
  businessId?: string;
}

interface Protocol {
  /** The popup was opened: refresh what it shows, reconnect at once if the connection is down. */
  popupOpened(): void;
  /** Opens (or raises) the conversation's inbox tab and marks its notification read. */
  openConversation(conversationId: string): void;
  /** Opens (or raises) the inbox. */
  openInbox(): void;
  markAllRead(): Result;
  setPreferences(patch: Partial<Preferences>): Result;
  /** Pause, preview level: this device only. */
  setDevice(patch: Partial<Device>): void;
  testNotification(): Result<{ permission: 'granted' | 'denied' }>;
  requestCode(input: { server: string; email: string }): Result<Partial<CodeResponse>>;
  signIn(input: SignIn): Result<{ agent: Agent }>;
  signOut(): void;
}

export const { sendMessage, onMessage, removeAllListeners } = defineExtensionMessaging<Protocol>();
