/**
 * The requests of the extension, one function each. None of them throws: what went wrong is part of the
 * answer. Answers are not validated here, for the server is ours; what is not ours (a captive portal, say)
 * is told apart by its content type.
 */
import type {
  ChooseBusiness,
  CodeResponse,
  Me,
  NotificationsPage,
  Preferences,
  Problem,
  TakeConflict,
  TakeResponse,
  TicketResponse,
  TokenRequest,
  TokenResponse,
} from '@converso/shared';
import { errorName } from './domain/error-name.ts';
import { retryAfterMs } from './domain/retry-after.ts';
import type { Failure, Result } from './messages.ts';
import type { Account } from './state.ts';

const TIMEOUT_MS = 10_000;
/** Where a server says "too many" without saying for how long. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

type Answer = { status: number; body: unknown; retryAfterMs: number | null };

/** Where a request goes; without a token nobody is signed in. */
type Target = Pick<Account, 'server'> & Partial<Account>;

/** A path as the console may name it: without the ids of conversations. */
const routeOf = (path: string): string => path.replace(/(\/conversations\/)[^/]+/, '$1{id}');

const call = async (
  { server, token }: Target,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer | null> => {
  try {
    const response = await fetch(`${server}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'omit',
      cache: 'no-store',
      // A token must not follow a redirect to wherever a network's login page is.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const isJson = /^application\/(problem\+)?json\b/i.test(response.headers.get('content-type') ?? '');
    const text = await response.text();
    if (!isJson && text !== '') return null;
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    };
  } catch (error) {
    // No network, no such host, no answer in time, or JSON that breaks off: there is nobody to talk to.
    console.info(`${method} ${routeOf(path)} got no answer:`, errorName(error));
    return null;
  }
};

const UNREACHABLE: Failure = { ok: false, error: 'unreachable' };

const failure = (answer: Answer | null): Failure => {
  // A server in trouble, or a proxy in front of none, is as good as no answer: the request may be repeated.
  if (!answer || answer.status >= 500) return UNREACHABLE;
  if (answer.status === 401) return { ok: false, error: 'signed_out' };
  if (answer.status === 429) {
    const ms = answer.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS;
    return { ok: false, error: 'too_many', retryAfterSeconds: Math.ceil(ms / 1000) };
  }
  const problem = answer.body as Partial<Problem> | null;
  const field = problem?.errors?.[0];
  const detail = field ? `${field.field} ${field.message}` : (problem?.detail ?? problem?.title);
  return { ok: false, error: 'failed', detail: detail ?? `HTTP ${answer.status}` };
};

const succeeded = (answer: Answer | null): answer is Answer =>
  answer !== null && answer.status >= 200 && answer.status < 300;

const result = <Value>(answer: Answer | null): Result<Value> =>
  succeeded(answer) ? { ok: true, ...(answer.body as Value) } : failure(answer);

/**
 * `POST /v1/auth/code`: has a code sent by email, if the address is known; the answer does not say which. Its challenge goes
 * back with the code; a server of an earlier release gives none.
 */
export const requestCode = async (server: string, email: string): Promise<Result<Partial<CodeResponse>>> =>
  result<Partial<CodeResponse>>(await call({ server }, 'POST', '/v1/auth/code', { email }));

/** `POST /v1/auth/token`: the code for a token. */
export const requestToken = async (server: string, request: TokenRequest): Promise<Result<TokenResponse>> => {
  const answer = await call({ server }, 'POST', '/v1/auth/token', request);
  if (answer?.status === 401) return { ok: false, error: 'wrong_code' };
  if (answer?.status === 409) {
    return { ok: false, error: 'choose_business', businesses: (answer.body as ChooseBusiness).businesses };
  }
  return result<TokenResponse>(answer);
};

/** A person waits for the click: without a ticket there is a sign-in, which is better than nothing. */
const TICKET_TIMEOUT_MS = 1_000;

/** `POST /v1/auth/ticket`: what signs a browser in to the inbox, or null if it does not come within a second. */
export const requestTicket = async (account: Account): Promise<string | null> => {
  const answer = await call(account, 'POST', '/v1/auth/ticket', undefined, TICKET_TIMEOUT_MS);
  return succeeded(answer) ? (answer.body as TicketResponse).ticket : null;
};

/** `DELETE /v1/auth/token`: the token stops working at once. */
export const revokeToken = async (account: Account): Promise<Result> =>
  result<object>(await call(account, 'DELETE', '/v1/auth/token'));

/** `GET /v1/me`. */
export const getMe = async (account: Account): Promise<Result<{ me: Me }>> => {
  const answer = await call(account, 'GET', '/v1/me');
  return succeeded(answer) ? { ok: true, me: answer.body as Me } : failure(answer);
};

/** `PATCH /v1/me/preferences` → all of them. */
export const patchPreferences = async (
  account: Account,
  patch: Partial<Preferences>,
): Promise<Result<{ preferences: Preferences }>> => {
  const answer = await call(account, 'PATCH', '/v1/me/preferences', patch);
  return succeeded(answer) ? { ok: true, preferences: answer.body as Preferences } : failure(answer);
};

const PAGE_LIMIT = 200;

/** `GET /v1/notifications`: a page of those below a seq, newest first; `isFull` when there may be more. */
export const getNotifications = async (
  account: Account,
  before?: number,
): Promise<Result<{ items: NotificationsPage['items']; unread: number; isFull: boolean }>> => {
  const path = `/v1/notifications?limit=${PAGE_LIMIT}${before === undefined ? '' : `&before=${before}`}`;
  const answer = await call(account, 'GET', path);
  if (!succeeded(answer)) return failure(answer);
  const { items, unread } = answer.body as NotificationsPage;
  return { ok: true, items, unread, isFull: items.length >= PAGE_LIMIT };
};

/** `POST /v1/notifications/read` with everything up to a seq. */
export const readAll = async (account: Account, upTo: number): Promise<Result<{ unread: number }>> =>
  result(await call(account, 'POST', '/v1/notifications/read', { all: true, upTo }));

const conversationPath = (conversationId: string) => `/v1/conversations/${encodeURIComponent(conversationId)}`;

/** `POST /v1/conversations/{id}/read`. */
export const readConversation = async (account: Account, conversationId: string): Promise<Result<{ unread: number }>> =>
  result(await call(account, 'POST', `${conversationPath(conversationId)}/read`));

export type Taken =
  | { ok: true }
  /** Who has it; null when the chat is closed. */
  | { ok: false; error: 'conflict'; assignee: TakeConflict['assignee'] }
  /** Not this agent's to see (any more). */
  | { ok: false; error: 'gone' }
  | Failure;

/** `POST /v1/conversations/{id}/take`. */
export const takeConversation = async (account: Account, conversationId: string): Promise<Taken> => {
  const answer = await call(account, 'POST', `${conversationPath(conversationId)}/take`);
  const body = answer?.body as Partial<TakeConflict> | null | undefined;
  // Without `assignee` it is not about who was faster: this server does not assign (an inbox of somebody else's).
  if (answer?.status === 409 && body?.assignee !== undefined) {
    return { ok: false, error: 'conflict', assignee: body.assignee };
  }
  if (answer?.status === 404) return { ok: false, error: 'gone' };
  return result<TakeResponse>(answer);
};
