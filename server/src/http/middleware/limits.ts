import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppEnv } from '../../deps.ts';
import { HttpProblem } from '../problem.ts';

/** Bytes of a request body. */
export const BODY_LIMIT = 256 * 1024;
/** Bytes of a body that anybody may send without being known: an email address and a code. */
export const OPEN_BODY_LIMIT = 4 * 1024;

/** Over HTTP a request without either header has no body (RFC 9112, section 6.3); made in the process it may have. */
function hasBody(c: Context<AppEnv>): boolean {
  if (c.req.header('transfer-encoding') !== undefined) return true;
  const length = c.req.header('content-length');
  if (length !== undefined) return length !== '0';
  return c.env?.incoming === undefined && c.req.raw.body !== null;
}

/**
 * 413 beyond `most` bytes. With a Content-Length that number decides, without touching the body: Node gives a
 * handler never more bytes than it says. Without one (chunked) the bytes are counted as they come.
 */
export function limitBody(most: number = BODY_LIMIT): MiddlewareHandler<AppEnv> {
  const tooLarge = () => new HttpProblem(413, `The body may have at most ${most / 1024} KiB.`);
  const counted = bodyLimit({
    maxSize: most,
    onError: () => {
      throw tooLarge();
    },
  });
  return (c, next) => {
    if (!hasBody(c)) return next();
    const length = c.req.header('content-length');
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    if (Number(length) > most) throw tooLarge();
    return next();
  };
}

/** 415 for a body that is not declared `application/json`, on every route alike. */
export const jsonOnly: MiddlewareHandler<AppEnv> = (c, next) => {
  const isJson = /^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '');
  if (!isJson && hasBody(c)) throw new HttpProblem(415, 'The body must be application/json.');
  return next();
};
