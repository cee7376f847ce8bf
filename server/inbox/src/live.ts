/**
 * The event stream of this tab. It runs only while the tab is visible, resumes from the last seq it has seen, and
 * comes back by itself: EventSource retries a broken line, but gives up for good on an HTTP error, so that part is
 * done here. Nothing is kept: after a reload the server sends a snapshot.
 */
import type { Me, NotificationsPage, StreamEvents } from '@converso/shared';
import { reconnectWait } from '@converso/shared/reconnect';
import { signal } from '@preact/signals';
import { ApiError, request } from './api.ts';
import { replaceBell, updateBell, upsertBell } from './bell.ts';
import { becomeSignedOut, setMe, setPreferences, startSession } from './session.ts';

/** A stream that has not caught up within this time (milliseconds) is held back by something. */
export const CAUGHT_UP_WITHIN_MS = 15_000;
/** How often (milliseconds) the server is asked for what the stream does not bring. */
export const POLL_EVERY_MS = 30_000;
/** A line that is back sooner was never gone, as far as a person is concerned. */
const OFFLINE_AFTER_MS = 2_000;

/**
 * What the page has to say about its connection: nothing, that it is gone, that something holds the stream back, or that
 * another window has it.
 */
export const connection = signal<'fine' | 'offline' | 'held_back' | 'elsewhere'>('fine');

let source: EventSource | null = null;
let cursor: string | null = null;
/** When the server was lost, in epoch milliseconds; null while it is there. */
let downSince: number | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
/** The next poll; undefined while the stream has caught up or none is wanted. */
let nextPoll: ReturnType<typeof setTimeout> | undefined;
let offline: ReturnType<typeof setTimeout> | undefined;
let changed: () => void = () => {};

/** Opens the stream anew. `onChange` is called whenever lists or threads may have changed. */
export function connect(onChange: () => void): void {
  close();
  changed = onChange;
  const resume = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const stream = new EventSource(`/v1/stream?conversations=1${resume}`);
  source = stream;
  // An attempt that follows one that brought nothing does not begin the time anew.
  nextPoll ??= setTimeout(poll, CAUGHT_UP_WITHIN_MS);
  on(stream, 'snapshot', ({ me, items, unread }) => {
    setMe(me);
    replaceBell(items, unread);
  });
  on(stream, 'notification', ({ unread, ...item }) => {
    upsertBell(item, unread);
    changed();
  });
  on(stream, 'preferences', setPreferences);
  on(stream, 'caught_up', () => {
    downSince = null;
    backOnline();
    changed();
  });
  stream.addEventListener('conversations', () => changed());
  on(stream, 'goodbye', ({ reason }) => {
    if (reason === 'signed_out') becomeSignedOut();
    if (reason !== 'replaced') return;
    disconnect();
    connection.value = 'elsewhere';
  });
  stream.onerror = () => {
    if (stream !== source) return;
    offline ??= setTimeout(attemptLost, OFFLINE_AFTER_MS);
    if (stream.readyState === EventSource.CLOSED) retryLater(stream);
  };
}

/** Says so at once: the browser knows that the computer has no network. */
export function lineLost(): void {
  if (source !== null) connection.value = 'offline';
}

/** A stream that is held back loses its attempts too, and the polls say whether the server is there. */
function attemptLost(): void {
  if (connection.value !== 'held_back') lineLost();
}

/** Asks for what the stream does not bring, now and every 30 seconds, until a stream has caught up. */
async function poll(): Promise<void> {
  const mine = setTimeout(poll, POLL_EVERY_MS);
  nextPoll = mine;
  // The stream has caught up, the tab is hidden, or somebody else is signed in since then.
  const isTooLate = () => nextPoll !== mine;
  try {
    const page = await request<NotificationsPage>('GET', '/notifications?limit=200');
    const me = await request<Me>('GET', '/me');
    if (isTooLate()) return;
    setMe(me);
    if (isTooLate()) return;
    updateBell(page.items, page.unread);
    connection.value = 'held_back';
    changed();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!isTooLate()) lineLost();
  }
}

function on<Name extends keyof StreamEvents>(
  stream: EventSource,
  name: Name,
  act: (data: StreamEvents[Name]) => void,
): void {
  stream.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
    if (stream !== source) return;
    act(JSON.parse(data));
    if (lastEventId) cursor = lastEventId;
  });
}

function backOnline(): void {
  clearTimeout(offline);
  offline = undefined;
  clearTimeout(nextPoll);
  nextPoll = undefined;
  connection.value = 'fine';
}

/** EventSource keeps the server's `retry:` to itself, so these waits are drawn by chance. */
function retryLater(stream: EventSource): void {
  downSince = Math.min(downSince ?? Date.now(), Date.now());
  const wait = reconnectWait({ downFor: Date.now() - downSince, retry: null }, Math.random());
  clearTimeout(retry);
  retry = setTimeout(async () => {
    // EventSource does not tell a lost session from a broken server; this question does.
    await startSession();
    if (stream === source) connect(changed);
  }, wait);
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

/** Ends the stream without a word on the page: the tab is hidden, or nobody is signed in. */
export function disconnect(): void {
  close();
  backOnline();
}

/** Forgets where it was: the next connection begins with a snapshot. */
export function forgetStream(): void {
  disconnect();
  cursor = null;
  downSince = null;
}
