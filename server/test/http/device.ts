import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A device's end of the event stream. */
export interface Device {
  headers: Headers;
  /** Everything so far, in order. */
  events: Received[];
  comments: string[];
  retry: number | null;
  /** The first event of that name which has not been waited for yet. Rejects when the stream ends before. */
  next(name: string): Promise<Received>;
  /** The next comment. */
  comment(): Promise<void>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  close(): void;
}

export interface Received {
  name: string;
  id: string | undefined;
  /** As parsed: tests look into data of every shape. */
  data: ReturnType<typeof JSON.parse>;
}

const DEADLINE_MS = 10_000;

/** Opens a stream and reads it until it is closed. */
export async function openStream(url: string, headers: Record<string, string>, query = ''): Promise<Device> {
  const controller = new AbortController();
  const answer = await fetch(`${url}/v1/stream${query}`, { headers, signal: controller.signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the stream was answered ${answer.status}`);
  const changed = new Set<() => void>();
  const device: Device = {
    headers: answer.headers,
    events: [],
    comments: [],
    retry: null,
    next: (name) => {
      const taken = () => device.events.findIndex((event) => event.name === name && !seen.has(event));
      return until(() => device.events[taken()], `an event ${name}`).then((event) => {
        seen.add(event);
        return event;
      });
    },
    comment: () => {
      const before = device.comments.length;
      return until(() => (device.comments.length > before ? true : undefined), 'a comment').then(() => {});
    },
    ended: Promise.resolve(),
    close: () => controller.abort(),
  };
  const seen = new Set<Received>();
  let over = false;

  function until<Value>(look: () => Value | undefined, what: string): Promise<Value> {
    return new Promise((resolve, reject) => {
      const names = () => device.events.map(({ name }) => name).join(', ');
      const stop = () => {
        clearTimeout(timer);
        changed.delete(check);
      };
      const check = () => {
        const found = look();
        if (found === undefined && !over) return;
        stop();
        if (found === undefined) reject(new Error(`the stream ended without ${what}; there were: ${names()}`));
        else resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${what} within ${DEADLINE_MS} ms; there were: ${names()}`));
      }, DEADLINE_MS);
      changed.add(check);
      check();
    });
  }

  const tellAll = () => {
    for (const check of [...changed]) check();
  };
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }: EventSourceMessage) => {
      device.events.push({ name: event, id, data: JSON.parse(data) });
    },
    onComment: (comment) => void device.comments.push(comment),
    onRetry: (retry) => {
      device.retry = retry;
    },
  });
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      tellAll();
    }
  };
  device.ended = read(answer.body)
    // Closing it ourselves, and a server that cuts the line, end the reading with an error: it is the end all the same.
    .catch(() => {})
    .finally(() => {
      over = true;
      tellAll();
    });
  return device;
}

/** The device of a signed-in agent; resolves when it has caught up. */
export async function connectDevice(
  url: string,
  { token }: { token: string },
  { cursor, query = '' }: { cursor?: string; query?: string } = {},
): Promise<Device> {
  const resume = cursor === undefined ? {} : { 'last-event-id': cursor };
  const device = await openStream(url, { authorization: `Bearer ${token}`, ...resume }, query);
  await device.next('caught_up');
  return device;
}
