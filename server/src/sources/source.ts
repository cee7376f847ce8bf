/**
 * A source turns the requests of a foreign system into our events. `verify` and `translate` are pure: no fetch, no
 * clock, no store. Everything behind them (deduplication, fold, plan, toasts, emails) is the same as for our own API.
 */
import type { IngestEvent } from '@converso/shared';
import type { z } from 'zod';

/** A request as it came: raw bytes, and the URL as its sender was given it, never built from `Host`. */
export interface Incoming {
  method: string;
  url: string;
  headers: Headers;
  body: Buffer;
}

/** Secrets by name, each newest first: the former one holds for a day after a rotation. */
export type Secrets<Name extends string = string> = Readonly<Record<Name, readonly string[]>>;

export interface Verifying<Settings, Name extends string = string> {
  settings: Settings;
  secrets: Secrets<Name>;
  /** Epoch milliseconds. */
  now: number;
}

/** Whether a request is genuine, or what is wrong with it; `unsupported` is a way of signing that nobody here checks. */
export type Verdict = 'genuine' | 'unsigned' | 'wrong' | 'stale' | 'unsupported';

/** What is known on this side while a request is translated. */
export interface Context<Settings> {
  /** The operator's short name for the source: what its ids begin with. */
  sourceId: string;
  settings: Settings;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Ids of our agents, by their ids over there. */
  agents: ReadonlyMap<string, string>;
  /** Our ids of the groups that exist. */
  groups: ReadonlySet<string>;
}

/**
 * The customer, by every identifier that the request gives (phone number, BSUID); the preferred one comes first.
 * Who was met under one of them before keeps that one: see `withPerson`.
 */
export interface PersonRef {
  identifiers: readonly [string, ...string[]];
  /** What the conversation's id begins with: the source and the business's own number. */
  thread: string;
}

export interface Translated {
  /** Identifies the event like a `webhook-id`: the same thing sent twice has the same one. */
  id: string;
  event: IngestEvent;
  person?: PersonRef;
  /** The event counts only while the assistant has the conversation: what the request alone cannot say. */
  onlyIf?: 'assistant';
}

/** A reply from here that did not reach the customer, as its provider says later. */
export interface FailedReply {
  /** The message's id, scoped. */
  messageId: string;
  reason: RefusedBecause;
  /** For the agent. */
  words: string;
}

/** What no event became of. No content in `reason`: it is logged and counted. */
export interface Skipped {
  kind: 'ignored' | 'unusable';
  reason: string;
}

/** An agent or a group that is named and not known here; a sync may find it. */
export interface Unknown {
  kind: 'agent' | 'group';
  id: string;
}

export interface Translation {
  /** In the order in which they happened; stored in one transaction. */
  events: Translated[];
  /** Identifiers that are one person; the oldest comes first. */
  aliases: (readonly string[])[];
  failedReplies: FailedReply[];
  skipped: Skipped[];
  unknown: Unknown[];
}

export interface ForeignAgent {
  id: string;
  name: string;
  email: string;
  role: 'agent' | 'admin';
}

export interface ForeignGroup {
  /** Ours. */
  id: string;
  name: string;
  /** Theirs. */
  memberIds: string[];
}

/** Everybody as they are now. */
export interface People {
  agents: ForeignAgent[];
  groups: ForeignGroup[];
  /** Ids over there of those who exist but cannot be used (no email); they are not taken for gone. */
  unusable: string[];
}

/** One request to the foreign system, below the address that was fixed when the source was added. */
export interface CallRequest {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  query?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
}

export interface Answer {
  status: number;
  /** The parsed JSON, or null. */
  body: unknown;
}

/** Sends a request. Resolves with any answer; rejects with `CallError` if there was none. */
export type Call = (request: CallRequest) => Promise<Answer>;

/** There was no answer, or one that a list cannot be read from. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** What the foreign system's paths begin with, and what signs us in there. Headers are never logged. */
export interface Api {
  base: string;
  headers: Record<string, string>;
}

export type RefusedBecause = 'window_closed' | 'opted_out' | 'unreachable' | 'busy' | 'misconfigured' | 'other';

/** What became of a reply; `unknown` may have gone, so it is never sent again by itself. */
export type Sent =
  | { outcome: 'accepted'; messageId: string }
  | { outcome: 'refused'; reason: RefusedBecause; words: string }
  | { outcome: 'unknown' };

/** A reply to a customer of a source that can send. */
export interface Outgoing {
  channel: string;
  /** The number or account the customer wrote to, as the conversation's id holds it. */
  own: string;
  customer: { address?: string; guestId?: string };
  text: string;
  /** Where the provider reports what became of it. */
  statusUrl: string;
}

export interface Sender<Settings> {
  /** In UTF-16 units. */
  maxLength: number;
  request(settings: Settings, message: Outgoing): CallRequest;
  outcome(answer: Answer): Sent;
}

/** Where a source's chats open. */
export interface SourceInbox {
  url: string;
  /**
   * Every form of a chat's URL, the first one for opening it. `{conversationId}` is the id over there, and `*` is any one
   * path segment.
   */
  conversationUrls: [string, ...string[]];
}

/** A foreign system that can be plugged in. */
export interface Source<Settings = unknown, Name extends string = string> {
  label: string;
  /** What the operator sets; the store keeps it as JSON. */
  settings: z.ZodType<Settings>;
  /** What must stay secret: given by the operator, made here and shown once, or returned by `register`. */
  secrets: Readonly<Record<Name, 'given' | 'made' | 'registered'>>;
  /** What its sender calls success. */
  acceptedStatus: 200 | 202 | 204;
  /** Bytes. */
  bodyLimit: number;
  /** The answer to a request that only asks whether we are here, or null if it is not such a request or not genuine. */
  greet?(request: Incoming, secrets: Secrets<Name>): string | null;
  verify(request: Incoming, verifying: Verifying<Settings, Name>): Verdict;
  /** Never throws: what it cannot read, it names in `skipped` and goes on. */
  translate(request: Incoming, context: Context<Settings>): Translation;
  api?(settings: Settings, secrets: Secrets<Name>): Api;
  /** Who the token belongs to, in words for the operator. @throws CallError */
  check?(call: Call, settings: Settings): Promise<string>;
  /** @throws CallError if a list cannot be read: half a list would remove people */
  people?(call: Call, context: Pick<Context<Settings>, 'sourceId' | 'settings'>): Promise<People>;
  /** What changed since then (epoch milliseconds), or with null everything that is open. @throws CallError */
  missed?(call: Call, context: Context<Settings>, since: number | null): AsyncIterable<Translation>;
  /** Makes the webhook over there. Returns the secrets it was given. @throws CallError */
  register?(call: Call, settings: Settings, url: string): Promise<Partial<Record<Name, string>>>;
  sender?: Sender<Settings>;
  /** Without it, chats open in the built-in inbox. */
  inbox?(settings: Settings): SourceInbox;
}

/** Checks a source's parts against each other; returns it as it is. */
export const defineSource = <Settings, Name extends string>(source: Source<Settings, Name>): Source<Settings, Name> =>
  source;
