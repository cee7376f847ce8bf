import type { Problem } from '@converso/shared';

/** The server refused, or (status 0) did not answer. `body` is the problem document, with the route's own members. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly body: Partial<Problem> & Record<string, unknown>;
  /** After how many seconds another try makes sense, where the server says. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ApiError['body'], retryAfter: number | null = null) {
    super(
      body.detail ?? body.title ?? (status === 0 ? 'The server did not answer.' : `The server answered ${status}.`),
    );
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

let signedOut: () => void = () => {};

/** Sets what happens when the server no longer knows the session, whichever request notices it. */
export function whenSignedOut(callback: () => void): void {
  signedOut = callback;
}

const isJson = (response: Response) => /[/+]json\b/.test(response.headers.get('content-type') ?? '');

/**
 * Asks the server under `/v1`; the session cookie goes along. Resolves to the answer's JSON, or null where
 * it has none. Throws `ApiError`.
 */
export async function request<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { accept: 'application/json' }, credentials: 'same-origin' };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`/v1${path}`, init);
    answer = isJson(response) ? await response.json() : null;
  } catch {
    throw new ApiError(0, {});
  }
  if (response.ok) return answer as T;
  if (response.status === 401) signedOut();
  const retryAfter = Number(response.headers.get('retry-after'));
  throw new ApiError(response.status, (answer ?? {}) as ApiError['body'], retryAfter > 0 ? retryAfter : null);
}

/** `/conversations/{id}` with the id, which is the sender's and may hold anything, encoded. */
export const conversationPath = (id: string, command = ''): string =>
  `/conversations/${encodeURIComponent(id)}${command}`;
