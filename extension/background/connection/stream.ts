import { createParser } from 'eventsource-parser';
import { retryAfterMs } from '../../domain/retry-after.ts';

/** An event longer than this (characters) does not come from our server: a snapshot has well under a million. */
const MAX_EVENT_LENGTH = 8_000_000;

export interface StreamEvent {
  /** The event's name; `message` where the server names none. */
  type: string;
  id: string | null;
  data: string;
}

/** How a stream ended. */
export type DisconnectReason =
  /** The server closed it. */
  | { how: 'closed' }
  /** The token is not (or no longer) good. */
  | { how: 'unauthorized' }
  /** The server asks to be left alone for a while (milliseconds; null where it does not say for how long). */
  | { how: 'busy'; retryAfterMs: number | null }
  /** The answer is not an event stream: an error, or a captive portal's page. */
  | { how: 'not_a_stream'; detail: string }
  /** The connection failed, broke, or was aborted. */
  | { how: 'failed'; detail: string };

export interface StreamRequest {
  /** Origin of the server. */
  server: string;
  token: string;
  /** Where to go on; null asks for a snapshot. */
  cursor: string | null;
  /** Aborting ends the stream as `failed`. */
  signal: AbortSignal;
}

export interface StreamListener {
  /** The server accepted. */
  onOpen(): void;
  /** Bytes came, if only a heartbeat. */
  onActivity(): void;
  onEvent(event: StreamEvent): void;
  /** `retry:` in milliseconds. */
  onRetry(ms: number): void;
}

const refusal = (response: Response): DisconnectReason | null => {
  if (response.status === 401) return { how: 'unauthorized' };
  if (response.status === 429 || response.status === 503) {
    return { how: 'busy', retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) };
  }
  const type = response.headers.get('content-type') ?? 'no content type';
  const isStream = response.status === 200 && /^text\/event-stream\b/i.test(type);
  return isStream ? null : { how: 'not_a_stream', detail: `HTTP ${response.status}, ${type}` };
};

/**
 * Reads the server's event stream until it ends; never throws. `EventSource` would do it, but can send no
 * token and hides the heartbeats.
 */
export const readStream = async (request: StreamRequest, listener: StreamListener): Promise<DisconnectReason> => {
  const { server, token, cursor, signal } = request;
  try {
    const response = await fetch(`${server}/v1/stream`, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        ...(cursor === null ? {} : { 'last-event-id': cursor }),
      },
      credentials: 'omit',
      cache: 'no-store',
      // A token must not follow a redirect to wherever a network's login page is.
      redirect: 'error',
      signal,
    });
    listener.onActivity();
    const refused = refusal(response);
    if (refused || !response.body) {
      await response.body?.cancel();
      return refused ?? { how: 'closed' };
    }
    listener.onOpen();

    const parser = createParser({
      maxBufferSize: MAX_EVENT_LENGTH,
      onEvent: ({ event, id, data }) => listener.onEvent({ type: event ?? 'message', id: id ?? null, data }),
      onRetry: listener.onRetry,
    });
    const reader = response.body.getReader();
    // One decoder for the whole stream, for a chunk may end in the middle of a character.
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { how: 'closed' };
      listener.onActivity();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    return { how: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
};
