/**
 * What the server needs from the outside is in ports/: this store, mail, wakeups. Adapters (`store/`, `email/`,
 * `wakeups/`) implement the ports, and only the two composition roots (`main.ts`, `cli/group.ts`) choose adapters.
 *
 * A Store offers whole operations and no `transaction(callback)`: better-sqlite3's transactions are
 * synchronous and PostgreSQL's are not. A promise that resolves means "on disk".
 */
import type {
  Agent,
  ConversationDetail,
  ConversationsPage,
  InboxView,
  IngestEvent,
  Me,
  Notification,
  NotificationsPage,
  Preferences,
  PreferencesPatch,
  Session,
} from '@converso/shared';
import type { Planner } from '../domain/plan.ts';
import type { TimelineEvent } from '../domain/timeline-event.ts';
import type { DigestStore } from './digest-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { SourceRow, SourceStore } from './source-store.ts';
import type { Affected, Caller, GroupKey, Millis } from './types.ts';

// Events in.

export interface Delivery {
  businessId: string;
  /** The `webhook-id`: the same one is applied once. */
  eventId: string;
  event: IngestEvent;
  receivedAt: Millis;
}

export type Ingested =
  | { outcome: 'stored'; affected: Affected }
  | { outcome: 'duplicate' }
  /** It names something that does not exist or may not be; nothing was stored. `field` is its path in the body. */
  | { outcome: 'refused'; field: string; message: string };

/** A command of an agent in the built-in inbox, as the event that it becomes. */
export interface CommandEvent {
  conversationId: string;
  /** Becomes a timeline event dated `now`, or just after the newest one if that is dated ahead. */
  entry: TimelineEvent;
  /** Refused unless nobody else has the chat and it is open: "Take". */
  onlyIfFree?: boolean;
}

export type CommandResult =
  | { outcome: 'done'; affected: Affected }
  | { outcome: 'not_found' }
  /** Names an agent who is not active in the business. */
  | { outcome: 'unknown_agent' }
  /** `onlyIfFree`: who has it, or null if it is closed. */
  | { outcome: 'not_free'; assignee: { id: string; name: string } | null };

// Sign-in.

export interface SignInAttempt {
  email: string;
  codeHash: string;
  /** Of the challenge that came with the code. Absent: the newest code of the address is meant. */
  challengeHash?: string;
  businessId?: string;
  device: string | null;
  tokenHash: string;
  now: Millis;
}

export type SignedIn =
  | { outcome: 'signed_in'; caller: Caller }
  | { outcome: 'choose'; businesses: { id: string; name: string }[] }
  /** Wrong, used, spent or expired code, or a business the email is not known in. */
  | { outcome: 'refused' };

/** A ticket is given back. `now` and the hashes of the tokens that the browser would get and has. */
export interface TicketUse {
  ticketHash: string;
  tokenHash: string;
  /** The session that the browser is in already, if it may have one. */
  currentTokenHash?: string;
  now: Millis;
}

export type TicketUsed =
  /** A session began. One of another agent's in that browser has ended; `affected` names that agent. */
  | { outcome: 'signed_in'; caller: Caller; affected: Affected }
  /** The browser is signed in as that agent already, and stays so. */
  | { outcome: 'signed_in_already' }
  /** Unknown, used or expired, or the session that asked for it has ended. */
  | { outcome: 'refused' };

// Streams.

export type StreamChange =
  /** `json` is the event's data, the notification with `unread`, as it goes over the wire: a stream only passes it on. */
  { type: 'notification'; seq: number; json: string } | { type: 'preferences'; seq: number; preferences: Preferences };

export type StreamRead =
  /** The session was revoked or has expired, or the agent was removed. */
  | { outcome: 'ended' }
  /** The cursor is unknown or too old: send a snapshot instead. */
  | { outcome: 'gap' }
  | StreamChanges;

/** Ordered by seq; `more` if the limit cut it. `unread` is the count after all of them. */
export interface StreamChanges {
  outcome: 'changes';
  changes: readonly StreamChange[];
  unread: number;
  cursor: number;
  more: boolean;
}

/** A source, as far as it says where its chats open. */
export type PluggedSource = Pick<SourceRow, 'id' | 'kind' | 'settings'>;

/** `me` without its inboxes: they are configuration, and what the sources of the business make of their settings. */
export type StoredMe = Omit<Me, 'inbox' | 'inboxes'> & { sources: PluggedSource[] };

export type StreamSnapshot =
  | { outcome: 'ended' }
  | { outcome: 'snapshot'; me: StoredMe; unread: number; items: Notification[]; cursor: number };

export type ReadSelection = { ids: readonly string[] } | { upTo: number } | { conversationId: string };

// The operator's.

export interface BusinessRow {
  id: string;
  name: string;
  timeZone: string;
  createdAt: Millis;
}

export interface AgentRow extends Agent {
  active: boolean;
  preferences: Preferences;
  /** When a device of theirs last opened a stream. */
  lastConnectedAt: Millis | null;
  /** Why no email is sent to the address any more, or null. */
  mailSuppressed: string | null;
  groups: string[];
}

export interface GroupRow {
  id: string;
  name: string;
  agentIds: string[];
  openConversations: number;
}

export interface Store extends DigestStore, RetentionStore, SourceStore {
  // Events in.
  /** The business's signing secrets that hold at `now`, newest first; empty for an unknown business. */
  signingSecrets(businessId: string, now: Millis): Promise<string[]>;
  /** One transaction: dedupes, applies, plans, writes one notification per agent with that agent's next seq. */
  ingest(delivery: Delivery, planner: Planner): Promise<Ingested>;
  execute(caller: Caller, command: CommandEvent, now: Millis, planner: Planner): Promise<CommandResult>;

  // Notifications. Nothing here ever returns or changes another agent's.
  notifications(caller: Caller, page: { limit: number; before?: number }): Promise<NotificationsPage>;
  markRead(caller: Caller, selection: ReadSelection, now: Millis): Promise<{ unread: number; affected: Affected }>;
  /** Whether the agent may see the conversation: it is their group's, or it is assigned to them. */
  canSee(caller: Caller, conversationId: string): Promise<boolean>;
  /** What is after `cursor`; checks the session at every call, so that a wake is enough to end a stream. */
  changes(sessionId: string, cursor: number, limit: number, now: Millis): Promise<StreamRead>;
  /**
   * The same without a wait, where it was told a moment ago and is still at hand; null if it has to be read. A
   * notification that changed twice may be there twice, each with the `unread` of then.
   */
  recentChanges(sessionId: string, cursor: number, limit: number, now: Millis): StreamChanges | null;
  snapshot(sessionId: string, now: Millis): Promise<StreamSnapshot>;
  /** Remembers that a device of the agent's opened a stream, if that can be written. */
  connected(caller: Caller, now: Millis): Promise<void>;

  // The agent.
  me(caller: Caller): Promise<StoredMe>;
  groupKeys(caller: Caller): Promise<GroupKey[]>;
  setPreferences(
    caller: Caller,
    patch: PreferencesPatch,
    now: Millis,
  ): Promise<{ preferences: Preferences; affected: Affected }>;
  /** By an email's unsubscribe link, so without a caller. An agent who is unknown changes nothing. */
  setUnrepliedEmails(businessId: string, agentId: string, on: boolean, now: Millis): Promise<{ affected: Affected }>;

  // The built-in inbox.
  conversations(caller: Caller, view: InboxView, limit: number): Promise<Omit<ConversationsPage, 'canReply'>>;
  conversation(caller: Caller, conversationId: string): Promise<ConversationDetail | null>;
  /** The same, whoever may see it: for what stands in for the customer, which is the demo alone. */
  transcript(businessId: string, conversationId: string): Promise<ConversationDetail | null>;

  // Sign-in.
  /**
   * Keeps a code for its challenge; for unknown addresses too, so that both cost the same. Without a challenge the code
   * can be given back by the address alone. Returns whether an active agent has the address and mail may go there.
   */
  putCode(code: {
    email: string;
    codeHash: string;
    challengeHash?: string;
    expiresAt: Millis;
    now: Millis;
  }): Promise<{ known: boolean }>;
  /** One transaction: counts the attempt (3 a challenge, apart from 3 by the address alone), spends the code, begins the session. */
  signIn(attempt: SignInAttempt): Promise<SignedIn>;
  /** Keeps a ticket of the caller's session until it expires. */
  putTicket(caller: Caller, ticket: { ticketHash: string; expiresAt: Millis; now: Millis }): Promise<void>;
  /** One transaction: spends the ticket and begins a session, which ends with the session that asked for the ticket. */
  useTicket(use: TicketUse): Promise<TicketUsed>;
  /** The session of a token, unless it is revoked, unused for 90 days or its agent removed; notes its use if that can be written. */
  callerOf(tokenHash: string, now: Millis): Promise<Caller | null>;
  sessions(caller: Caller): Promise<Session[]>;
  /** Those that its tickets began end with it. False if the session is not this agent's. */
  endSession(caller: Caller, sessionId: string): Promise<{ ended: boolean; affected: Affected }>;

  // The operator's.
  addBusiness(business: {
    id?: string;
    name: string;
    timeZone: string;
    secret: string;
    now: Millis;
  }): Promise<{ outcome: 'added' | 'exists'; id: string; secret: string }>;
  businesses(): Promise<BusinessRow[]>;
  /** The old secret holds until `oldUntil`; with null it is forgotten, and so is any older one. False for an unknown business. */
  rotateSecret(businessId: string, secret: string, oldUntil: Millis | null): Promise<boolean>;
  /** False for an unknown business. */
  setTimeZone(businessId: string, timeZone: string): Promise<boolean>;
  agents(businessId: string): Promise<AgentRow[]>;
  groups(businessId: string): Promise<GroupRow[]>;
  /** Ends all sessions of an agent. False for an unknown one. */
  signOut(businessId: string, agentId: string): Promise<{ found: boolean; ended: number; affected: Affected }>;

  /**
   * Reads from every table and writes nothing. Rejects if that fails, if a write failed within the last ten seconds,
   * or if the store's file is not the one that was opened.
   */
  check(): Promise<void>;
  /** False once a call has rejected with `StoreUnusable`. */
  usable(): boolean;
  /** Figures for `/metrics`. */
  figures(): Promise<{
    businesses: number;
    agents: number;
    openConversations: number;
    openNotifications: number;
    sessions: number;
  }>;
  close(): Promise<void>;
}

/** `damaged`: its contents cannot be relied on. `replaced`: its file was replaced or removed while it was open. */
export type UnusableReason = 'damaged' | 'replaced';

const UNUSABLE: Record<UnusableReason, string> = {
  damaged: 'The store is damaged. Stop the server and restore a backup.',
  replaced: "The store's file was replaced or removed while it was in use. Restart the server.",
};

/** The store is not used any more until the process starts again; the message is one line for the operator. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
  readonly reason: UnusableReason;
  constructor(reason: UnusableReason, options?: ErrorOptions) {
    super(UNUSABLE[reason], options);
    this.reason = reason;
  }
}
