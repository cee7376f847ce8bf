/**
 * Runs the connection to the server: connects, watches, reconnects. The table in `domain/connection-states.ts` decides
 * what follows from what; here are the attempt, the clock and the timers. The browser may stop the worker at any moment,
 * and what is in memory is lost then. So each attempt asks for what must not be lost.
 */
import type { GoodbyeReason } from '@converso/shared';
import { LONGEST_REST_MS, reconnectWait } from '@converso/shared/reconnect';
import { type ConnectionEvent, type ConnectionState, transition } from '../../domain/connection-states.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { StreamStatus } from '../stream-status.ts';
import { type DisconnectReason, readStream, type StreamEvent } from './stream.ts';

/** Silence that means a broken connection (milliseconds): two heartbeats of 20 s missed. The reader never notices. */
export const SILENCE_MS = 45_000;
/** When a person acts, an attempt that has been silent for this long (milliseconds) is replaced. */
export const HANGING_AFTER_MS = 5_000;
/** A connection that lived this long (milliseconds) was a good one: the next failure begins a new outage. */
export const GOOD_AFTER_MS = 10_000;

/** What an attempt needs to know, asked for at its beginning. */
export interface ConnectionSession {
  server: string;
  token: string;
  cursor: string | null;
  /** Epoch milliseconds before which the server must not be called. */
  retryAfter: number;
  /** Another browser took over. Only the use of this device leads to another attempt. */
  replaced: boolean;
}

export interface ConnectionListener {
  /** Null while signed out. Rejects when it cannot be asked; then the attempt has failed. */
  session(): Promise<ConnectionSession | null>;
  /** `connected` comes only when `caught_up` is carried out: until then a proxy may hold the events back. */
  onState(state: 'connecting' | 'connected' | 'disconnected' | 'replaced'): void;
  /** Bytes came. `isUpToDate`: the stream has caught up, so what is shown is current. */
  onActivity(isUpToDate: boolean): void;
  /** A stream begins: its events follow. */
  onOpen(): void;
  /** Rejects when the event could not be carried out: the stream ends, and the next one resumes from the stored cursor. */
  onEvent(event: StreamEvent, token: string): Promise<void>;
  /** The server does not know this token any more. */
  onSignedOut(token: string): void;
  /** The server must not be called before this moment (epoch milliseconds); 0 ends an earlier wait. */
  onRetryAfter(until: number): void;
}

export interface Connection extends StreamStatus {
  /**
   * Connects, unless a connection or an attempt is there already. `used` means that the person at this device did
   * something: it ends being replaced, every wait (the server's `Retry-After` too), and an attempt that hangs.
   */
  connect(how?: { used: boolean }): void;
  /** For the alarm: ends a connection that fell silent, connects where there is none. */
  check(): void;
  /** Ends the connection and stays so until `connect`. */
  stop(): void;
}

type Disconnect = DisconnectReason | { how: 'goodbye'; reason: GoodbyeReason };

const goodbyeReason = (data: string): GoodbyeReason | null => {
  try {
    return (JSON.parse(data) as { reason?: GoodbyeReason }).reason ?? null;
  } catch {
    // A goodbye that cannot be read ends the stream as any other end does.
    return null;
  }
};

export const createConnection = (listener: ConnectionListener, clock: Clock = systemClock): Connection => {
  let state: ConnectionState = 'idle';
  let attempt: AbortController | null = null;
  /** When bytes came last, or the attempt began (epoch milliseconds). */
  let activeAt = 0;
  let openSince = 0;
  /** The device was used since the last attempt was allowed. */
  let isUsed = false;
  /** When the outage began, in epoch milliseconds; null during and after a good connection. */
  let downSince: number | null = null;
  /** The server's latest `retry:`, in milliseconds. */
  let retry: number | null = null;
  let cancelWait: () => void = () => {};
  let cancelWatch: () => void = () => {};

  const silentFor = () => {
    // After the clock is set back the last bytes seem to lie ahead, and the silence would not be noticed.
    activeAt = Math.min(activeAt, clock.now());
    return clock.now() - activeAt;
  };
  const isSilent = () => silentFor() >= SILENCE_MS;
  const watch = (watched: AbortController) => {
    cancelWatch = clock.after(SILENCE_MS - silentFor(), () => {
      if (isSilent()) watched.abort();
      else watch(watched);
    });
  };
  const nextWait = () => {
    // With a clock that was set back the outage counts from now.
    downSince = Math.min(downSince ?? clock.now(), clock.now());
    return reconnectWait({ downFor: clock.now() - downSince, retry }, clock.random());
  };

  const end = () => {
    attempt?.abort();
    attempt = null;
    cancelWatch();
    cancelWait();
  };
  /** `wait`: milliseconds until the next attempt, where the event leads to one. */
  const dispatch = (event: ConnectionEvent, wait = 0) => {
    const next = transition(state, event);
    if (!next) return;
    state = next.to;
    if (next.effect) end();
    if (next.effect === 'wait') cancelWait = clock.after(wait, () => dispatch('connect'));
    if (next.effect === 'attempt') begin();
  };

  /** Reads one stream. `mine` is the attempt that it belongs to. */
  const read = async (session: ConnectionSession, mine: AbortController): Promise<Disconnect> => {
    let goodbye: GoodbyeReason | null = null;
    let snapshots = 0;
    const isMine = () => attempt === mine;
    const giveUp = (error: unknown) => {
      console.error('An event could not be carried out:', error);
      if (isMine()) mine.abort();
    };
    const onCaughtUp = (before: number) => {
      // A snapshot since then begins the stream again.
      if (!isMine() || snapshots !== before) return;
      dispatch('caught_up');
      openSince = clock.now();
      listener.onState('connected');
      listener.onActivity(true);
    };
    const reason = await readStream(
      { ...session, signal: mine.signal },
      {
        onActivity: () => {
          if (!isMine()) return;
          activeAt = clock.now();
          listener.onActivity(state === 'open');
        },
        onOpen: () => {
          if (isMine()) listener.onOpen();
        },
        onEvent: (event) => {
          if (!isMine() || goodbye) return;
          if (event.type === 'goodbye') {
            goodbye = goodbyeReason(event.data);
            return mine.abort();
          }
          if (event.type === 'snapshot') {
            snapshots++;
            dispatch('snapshot');
          }
          const before = snapshots;
          listener.onEvent(event, session.token).then(() => {
            if (event.type === 'caught_up') onCaughtUp(before);
          }, giveUp);
        },
        onRetry: (ms) => {
          retry = ms;
        },
      },
    );
    return goodbye ? { how: 'goodbye', reason: goodbye } : reason;
  };

  const onDisconnect = (why: Disconnect, token: string) => {
    if (state === 'open' && clock.now() - openSince >= GOOD_AFTER_MS) downSince = null;
    const goodbye = why.how === 'goodbye' ? why.reason : null;
    if (why.how === 'unauthorized' || goodbye === 'signed_out') {
      dispatch('signed_out');
      return listener.onSignedOut(token);
    }
    if (goodbye === 'replaced') {
      dispatch('replaced');
      return listener.onState('replaced');
    }
    if ('detail' in why) console.info('The connection to the server is down:', why.detail);
    // A server that restarts says so; that alone is no trouble yet.
    listener.onState(goodbye === 'restart' ? 'connecting' : 'disconnected');
    const asked = why.how === 'busy' && why.retryAfterMs !== null ? Math.min(why.retryAfterMs, LONGEST_REST_MS) : 0;
    if (asked > 0) listener.onRetryAfter(clock.now() + asked);
    dispatch('retry_later', nextWait() + asked);
  };

  const run = async (mine: AbortController) => {
    const session = await listener.session();
    if (attempt !== mine) return;
    if (!session) return dispatch('no_session');
    if (session.replaced && !isUsed) return dispatch('replaced');
    const rest = session.retryAfter - clock.now();
    // A rest longer than the longest comes from a clock that was set back.
    if (rest > 0 && rest <= LONGEST_REST_MS && !isUsed) return dispatch('retry_later', rest);
    if (rest > 0) listener.onRetryAfter(0);
    isUsed = false;
    listener.onState('connecting');
    const why = await read(session, mine);
    // Another attempt may have begun meanwhile. Then this end has no consequences.
    if (attempt === mine) onDisconnect(why, session.token);
  };

  const begin = () => {
    const mine = new AbortController();
    attempt = mine;
    // The clock runs from here, so that a connect that hangs is noticed too.
    activeAt = clock.now();
    watch(mine);
    run(mine).catch((error) => {
      console.error('The connection could not be opened:', error);
      if (attempt !== mine) return;
      listener.onState('disconnected');
      dispatch('retry_later', nextWait());
    });
  };

  return {
    connect: ({ used } = { used: false }) => {
      isUsed ||= used;
      if (!used) dispatch('connect');
      else dispatch(silentFor() >= HANGING_AFTER_MS ? 'hurry' : 'use');
    },
    check: () => {
      if (isSilent()) attempt?.abort();
      dispatch('connect');
    },
    isLive: () => state === 'open' && !isSilent(),
    resume: () => attempt?.abort(),
    stop: () => {
      dispatch('stop');
      downSince = null;
      retry = null;
    },
  };
};
