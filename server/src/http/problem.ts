import { Problem as ProblemSchema } from '@converso/shared';
import { type Hook, OpenAPIHono } from '@hono/zod-openapi';
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ZodError } from 'zod';
import type { AppEnv } from '../deps.ts';
import { hasCode } from '../error-codes.ts';
import { describeError, type Log } from '../log.ts';
import { StoreUnusable } from '../ports/store.ts';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid request',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

interface Extras {
  /** Which fields are wrong, as paths such as `data.conversation.groupId`. */
  errors?: { field: string; message: string }[];
  /** Further members of the body (RFC 9457, section 3.2). */
  members?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Thrown anywhere below a route; becomes its answer, an `application/problem+json` (RFC 9457). */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly status: ContentfulStatusCode;
  readonly extras: Extras;
  constructor(status: ContentfulStatusCode, detail: string, extras: Extras = {}) {
    super(detail);
    this.status = status;
    this.extras = extras;
  }
}

export const unauthorized = (detail = 'Sign in first.') =>
  new HttpProblem(401, detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
export const notFoundProblem = (detail = 'There is nothing here.') => new HttpProblem(404, detail);
export const invalid = (field: string, message: string) =>
  new HttpProblem(422, `${field}: ${message}`, { errors: [{ field, message }] });

/** The answers of a route that are problems, for its OpenAPI description. */
export function problemResponses<const Status extends number>(...statuses: Status[]) {
  const response = (status: number) => ({
    description: TITLES[status] ?? 'Error',
    content: { 'application/problem+json': { schema: ProblemSchema } },
  });
  return Object.fromEntries(statuses.map((status) => [status, response(status)])) as {
    [Key in Status]: ReturnType<typeof response>;
  };
}

/** A JSON request body that must be there. */
export const jsonBody = <const Schema>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

/** Failures of the store that another try may outlive: a full or failing disk, a lock that is held too long. */
const STORE_FAILURE = /^SQLITE_(FULL|READONLY|BUSY|LOCKED|IOERR|CANTOPEN|PROTOCOL|NOMEM)/;
const RETRY_STORE_AFTER_S = 5;

function answer(c: Context<AppEnv>, { status, message, extras }: HttpProblem): Response {
  const body = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: message,
    ...(extras.errors ? { errors: extras.errors } : {}),
    ...extras.members,
  };
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json', ...extras.headers });
}

function fromHttpException(error: HTTPException): HttpProblem {
  // Hono's validator answers 400 to a body that is not JSON; an invalid body is 422 here, whatever is wrong with it.
  if (error.status === 400) return new HttpProblem(422, 'The body is not valid JSON.');
  if (error.status === 415) return new HttpProblem(415, 'The body must be application/json.');
  return new HttpProblem(error.status as ContentfulStatusCode, TITLES[error.status] ?? 'The request failed.');
}

/** Whether the client went away before its request was whole; there is nobody left to answer. */
function isCutOff(c: Context<AppEnv>): boolean {
  const incoming = c.env?.incoming;
  return incoming !== undefined && incoming.destroyed === true && !incoming.complete;
}

/** The one place where what was thrown becomes an answer. Only failures of ours are logged as errors. */
export const onError =
  (log: Log): ErrorHandler<AppEnv> =>
  (error, c) => {
    if (error instanceof HttpProblem) return answer(c, error);
    if (error instanceof HTTPException) return answer(c, fromHttpException(error));
    if (error instanceof StoreUnusable || hasCode(error, STORE_FAILURE)) {
      // An unusable store was logged once, when it was found.
      const level = error instanceof StoreUnusable ? 'debug' : 'error';
      log[level]({ requestId: c.get('requestId'), ...describeError(error) }, 'the store failed');
      const headers = { 'Retry-After': String(RETRY_STORE_AFTER_S) };
      return answer(c, new HttpProblem(503, 'Could not be stored; please try again.', { headers }));
    }
    if (isCutOff(c)) return answer(c, new HttpProblem(400, 'The request was cut off.'));
    log.error({ requestId: c.get('requestId'), ...describeError(error) }, 'a request failed');
    return answer(c, new HttpProblem(500, 'Something went wrong here; it has been logged.'));
  };

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** 404, or 405 with `Allow` where another method is known at that path. Middleware (method ALL) does not count. */
export const onNotFound =
  (app: OpenAPIHono<AppEnv>): NotFoundHandler<AppEnv> =>
  (c) => {
    const known = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method !== 'ALL'),
    );
    if (known.length === 0) return answer(c, notFoundProblem());
    const headers = { Allow: known.join(', ') };
    return answer(c, new HttpProblem(405, `Use ${known.join(' or ')}.`, { headers }));
  };

/** `["data", "message", 0]` as `data.message.0`; the whole body, or an unknown place, as `body`. */
const fieldOf = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'body';

/**
 * The wrong fields of a zod failure. Where a union failed, the alternative that got furthest tells most:
 * "invalid input" at the union's own place would not name the field.
 */
export function fieldErrors(error: Pick<ZodError, 'issues'>, prefix: readonly PropertyKey[] = []) {
  const found: { field: string; message: string }[] = [];
  for (const issue of error.issues) {
    const path = [...prefix, ...issue.path];
    const closest =
      issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length)[0] : undefined;
    if (closest?.length) found.push(...fieldErrors({ issues: closest }, path));
    else found.push({ field: fieldOf(path), message: issue.message });
  }
  return found;
}

/** A zod failure as the 422 that names the fields, at most 20 of them. */
export function invalidFields(error: Pick<ZodError, 'issues'>): HttpProblem {
  const errors = fieldErrors(error).slice(0, 20);
  return new HttpProblem(422, errors.map(({ field, message }) => `${field}: ${message}`).join('; '), { errors });
}

const invalidHook: Hook<unknown, AppEnv, string, void> = (result) => {
  if (!result.success) throw invalidFields(result.error);
};

/** An app whose routes answer invalid input with the 422 above. Every `xRoutes(deps)` begins with one. */
export const newRoutes = (): OpenAPIHono<AppEnv> => new OpenAPIHono<AppEnv>({ defaultHook: invalidHook });
