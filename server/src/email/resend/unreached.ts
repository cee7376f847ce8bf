/**
 * Which requests of `fetch` never had a connection: the name is unknown, the connection is refused or not answered, or
 * the TLS handshake fails. Such a request was taken by nobody. The Resend SDK reports all network failures alike and
 * drops the cause, so it is read from the diagnostics channels of `fetch` (undici, docs/api/DiagnosticsChannel). If they
 * ever fall silent, requests only count as unclear, which is the safe side.
 */
import { subscribe } from 'node:diagnostics_channel';

/** Errors of connections that were never made. */
const connectErrors = new WeakSet<object>();
/** Idempotency keys of requests that ended with one of them, until they are asked for. */
const keys = new Set<string>();

/** undici lists a request's headers as name, value, name, value. */
function keyOf(headers: readonly string[]): string | undefined {
  const index = headers.findIndex((header, position) => position % 2 === 0 && /^idempotency-key$/i.test(header));
  return index < 0 ? undefined : headers[index + 1];
}

subscribe('undici:client:connectError', (message) => {
  connectErrors.add((message as { error: object }).error);
});
subscribe('undici:request:error', (message) => {
  const { request, error } = message as { request: { headers: readonly string[] }; error: object };
  const key = connectErrors.has(error) ? keyOf(request.headers) : undefined;
  if (key !== undefined) keys.add(key);
});

/** Whether the last request with this `Idempotency-Key` failed before it had a connection. Forgets the answer. */
export const wasUnreached = (idempotencyKey: string): boolean => keys.delete(idempotencyKey);
