import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { AppEnv } from '../../deps.ts';

/** A body that is the same for everybody for as long as the process runs. */
export interface Fixed {
  body: Buffer<ArrayBuffer>;
  /** A strong entity tag, quotes included (RFC 9110, section 8.8.3). */
  etag: string;
}

export function fixed(content: string | Uint8Array): Fixed {
  const body = Buffer.from(content);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

/** The value of a function that is called once, at the first use; again only if it failed. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** If-None-Match compares weakly: a `W/` in front does not matter (RFC 9110, section 13.1.2). */
const isKnown = (header: string, etag: string): boolean =>
  header === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

/** Answers with the body, or 304 to a client that has it. `headers` must name its type and how long it is kept. */
export function answerFixed(
  c: Context<AppEnv>,
  { body, etag }: Fixed,
  headers: { 'Content-Type': string; 'Cache-Control': string },
): Response {
  const { 'Cache-Control': kept } = headers;
  if (isKnown(c.req.header('if-none-match') ?? '', etag))
    return c.body(null, 304, { ETag: etag, 'Cache-Control': kept });
  return c.body(body, 200, { ...headers, ETag: etag });
}
