import { type Answer, type Api, type Call, CallError, type CallRequest } from '../sources/source.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 5 * 1024 * 1024;

/**
 * Calls a foreign system below a fixed address, for at most 10 s and 5 MB. A redirect is an answer and is not followed:
 * it could lead to where the headers that sign us in must not go. Errors name neither headers nor bodies.
 */
export function createCall({ base, headers }: Api, fetchIt: typeof fetch = fetch): Call {
  return async ({ method, path, query, json, form }: CallRequest): Promise<Answer> => {
    const url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetchIt(url, {
        method,
        redirect: 'manual',
        signal,
        headers: { accept: 'application/json', ...headers, ...contentType(json, form) },
        ...bodyOf(json, form),
      });
      return { status: response.status, body: parsed(await textOf(response)) };
    } catch (error) {
      if (error instanceof CallError) throw error;
      throw new CallError(`${method} ${url.origin}${url.pathname}: ${reasonOf(error)}`, { cause: error });
    }
  };
}

function contentType(json: unknown, form: Record<string, string> | undefined): Record<string, string> {
  if (form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  return json === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf(json: unknown, form: Record<string, string> | undefined): { body?: string } {
  if (form !== undefined) return { body: new URLSearchParams(form).toString() };
  return json === undefined ? {} : { body: JSON.stringify(json) };
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new CallError(`${new URL(response.url).origin} answered more than 5 MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** In a few words: what `fetch` throws hides its cause. */
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer within 10 s';
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? `no connection (${cause.code})` : 'no connection';
}
