import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppEnv } from '../deps.ts';
import { HttpProblem } from './problem.ts';

/** Bytes of a request body. */
export const BODY_LIMIT = 256 * 1024;

const tooLarge = () => new HttpProblem(413, 'The body may have at most 256 KiB.');
const counted = bodyLimit({
  maxSize: BODY_LIMIT,
  onError: () => {
    throw tooLarge();
  },
});

/**
 * 413 beyond 256 KiB. With a Content-Length that number decides, without touching the body: Node gives a
 * handler never more bytes than it says. Without one (chunked) the bytes are counted as they come.
 */
export const limitBody: MiddlewareHandler<AppEnv> = (c, next) => {
  const length = c.req.header('content-length');
  if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next);
  if (Number(length) > BODY_LIMIT) throw tooLarge();
  return next();
};

/** 415 for a body that is not declared `application/json`, on every route alike. A request without a body may say nothing. */
export const jsonOnly: MiddlewareHandler<AppEnv> = (c, next) => {
  const type = c.req.header('content-type');
  const length = c.req.header('content-length');
  const hasBody = length === undefined ? c.req.method !== 'GET' && c.req.raw.body !== null : length !== '0';
  const isJson = /^application\/json\s*(;|$)/i.test(type ?? '');
  if (hasBody && !isJson) throw new HttpProblem(415, 'The body must be application/json.');
  return next();
};
