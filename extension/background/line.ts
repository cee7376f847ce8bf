/**
 * Keeps the line to the server: connects, watches, reconnects. What it remembers in memory (the attempt
 * under way, since when the server is gone) may be lost with the worker at any moment; what must not be is asked for
 * at each attempt.
 */
import type { GoodbyeReason } from '@converso/shared';
import { LONGEST_REST_MS, reconnectWait } from '@converso/shared/reconnect';
import { type Clock, systemClock } from './clock.ts';
import { type Ending, readStream, type StreamEvent } from './stream.ts';

/** Silence that means a broken line (milliseconds): two heartbeats of 20 s missed. The reader itself never notices. */
export const SILENCE_MS = 45_000;
/** A person who acts need not wait for an attempt that has been silent for this long (milliseconds). */
export const HANGING_AFTER_MS = 5_000;
/** A connection that lived this long (milliseconds) was a good one: the next failure begins a new outage. */
export const GOOD_AFTER_MS = 10_000;

/** What an attempt needs to know, asked for anew each time. */
export interface LineSession {
  server: string;
  token: string;
  cursor: string | null;
  /** Epoch milliseconds before which the server must not be called. */
  restUntil: number;
  /** Another browser took over: only the device's being used leads to another attempt. */
  replaced: boolean;
}

export interface LineListener {
  /** Null while signed out. */
  session(): Promise<LineSession | null>;
  /** `connected` comes only when `caught_up` is carried out: until then the stream may be deaf. */
  state(state: 'connecting' | 'connected' | 'disconnected' | 'replaced'): void;
  /** Bytes came. `isUpToDate`: over a stream that has caught up, so what is shown is what is so. */
  heard(isUpToDate: boolean): void;
  /** A stream begins: its events follow. */
  opened(): void;
  /** Rejects when the event could not be carried out: the stream ends, and the next one resumes from the stored cursor. */
  event(event: StreamEvent, token: string): Promise<void>;
  /** The server does not know this token any more. */
  signedOut(token: string): void;
  /** The server must not be called before this moment (epoch milliseconds); 0 ends an earlier wish. */
  rest(until: number): void;
}

export interface Line {
  /**
   * Connects, unless a connection or an attempt is there already. `used` means that the person at this device did
   * something: it ends being replaced, every wait (the server's `Retry-After` too), and an attempt that hangs.
   */
  connect(how?: { used: boolean }): void;
  /** For the alarm: ends a line that fell silent, connects where there is none. */
  check(): void;
  /** The stream is there, is not silent, and has told all that was missed: what is stored is what is so. */
  isLive(): boolean;
  /** Ends the stream; the next one resumes from the stored cursor. For a step that could not be carried out. */
  resume(): void;
  /** Ends the connection and stays so until `connect`. */
  stop(): void;
}

type Farewell = Ending | { how: 'goodbye'; reason: GoodbyeReason };

const goodbyeReason = (data: string): GoodbyeReason | null => {
  try {
    return (JSON.parse(data) as { reason?: GoodbyeReason }).reason ?? null;
  } catch {
    // A goodbye that cannot be read ends the stream as any other end does.
    return null;
  }
};

export const createLine = (listener: LineListener, clock: Clock = systemClock): Line => {
  let attempt: AbortController | null = null;
  let heardAt = 0;
  /** Null until the stream has caught up, and while it begins again with a snapshot. */
  let caughtUpAt: number | null = null;
  /** When the outage began, in epoch milliseconds; null during and after a good connection. */
  let downSince: number | null = null;
  /** The server's latest `retry:`, in milliseconds. */
  let retry: number | null = null;
  /** The device was used since the last attempt began. */
  let isUsed = false;
  let cancelRetry: () => void = () => {};
  let cancelWatch: () => void = () => {};

  const silentFor = () => {
    // A clock that was set back would make the line seem to be heard in the future, and nobody would watch it.
    heardAt = Math.min(heardAt, clock.now());
    return clock.now() - heardAt;
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
  const retryIn = (ms: number) => {
    cancelRetry();
    cancelRetry = clock.after(ms, () => connect());
  };

  const converse = async (session: LineSession, mine: AbortController): Promise<Farewell> => {
    let goodbye: GoodbyeReason | null = null;
    const giveUp = (error: unknown) => {
      console.error('An event could not be carried out:', error);
      if (attempt === mine) mine.abort();
    };
    const heard = () => {
      if (attempt !== mine) return;
      heardAt = clock.now();
      listener.heard(caughtUpAt !== null);
    };
    let snapshots = 0;
    const caughtUp = (before: number) => {
      // A snapshot since then begins the stream again.
      if (attempt !== mine || snapshots !== before) return;
      caughtUpAt = clock.now();
      listener.state('connected');
      listener.heard(true);
    };
    const ending = await readStream(
      { ...session, signal: mine.signal },
      {
        heard,
        opened: () => {
          if (attempt === mine) listener.opened();
        },
        event: (event) => {
          if (attempt !== mine || goodbye) return;
          if (event.type === 'goodbye') {
            goodbye = goodbyeReason(event.data);
            return mine.abort();
          }
          if (event.type === 'snapshot') {
            snapshots++;
            caughtUpAt = null;
          }
          const before = snapshots;
          listener.event(event, session.token).then(() => {
            if (event.type === 'caught_up') caughtUp(before);
          }, giveUp);
        },
        retry: (ms) => {
          retry = ms;
        },
      },
    );
    return goodbye ? { how: 'goodbye', reason: goodbye } : ending;
  };

  const carryOn = (farewell: Farewell, session: LineSession, wasGood: boolean) => {
    if (wasGood) downSince = null;
    if (farewell.how === 'unauthorized' || (farewell.how === 'goodbye' && farewell.reason === 'signed_out')) {
      return listener.signedOut(session.token);
    }
    if (farewell.how === 'goodbye' && farewell.reason === 'replaced') return listener.state('replaced');
    // A server that restarts says so; that alone is no trouble yet.
    const announced = farewell.how === 'goodbye' && farewell.reason === 'restart';
    listener.state(announced ? 'connecting' : 'disconnected');
    let wait = nextWait();
    if (farewell.how === 'busy' && farewell.retryAfterMs !== null) {
      const rest = Math.min(farewell.retryAfterMs, LONGEST_REST_MS);
      listener.rest(clock.now() + rest);
      wait += rest;
    }
    if ('detail' in farewell) console.info('The line to the server is down:', farewell.detail);
    retryIn(wait);
  };

  const run = async (mine: AbortController) => {
    const session = await listener.session();
    if (attempt !== mine) return;
    if (!session || (session.replaced && !isUsed)) return end();
    const rest = session.restUntil - clock.now();
    // A rest longer than the longest comes from a clock that was set back.
    if (rest > 0 && rest <= LONGEST_REST_MS && !isUsed) {
      end();
      return retryIn(rest);
    }
    if (rest > 0) listener.rest(0);
    isUsed = false;
    listener.state('connecting');
    const farewell = await converse(session, mine);
    // Stopped, and perhaps begun anew, in the meantime: this end is nobody's business any more.
    if (attempt !== mine) return;
    const wasGood = caughtUpAt !== null && clock.now() - caughtUpAt >= GOOD_AFTER_MS;
    end();
    carryOn(farewell, session, wasGood);
  };

  const end = () => {
    attempt?.abort();
    attempt = null;
    cancelWatch();
    cancelRetry();
  };

  const connect = ({ used } = { used: false }) => {
    isUsed ||= used;
    if (used && caughtUpAt === null && silentFor() >= HANGING_AFTER_MS) end();
    if (attempt) return;
    cancelRetry();
    const mine = new AbortController();
    attempt = mine;
    // The clock runs from here, so that a connect that hangs is noticed too.
    heardAt = clock.now();
    caughtUpAt = null;
    watch(mine);
    run(mine).catch((error) => {
      console.error('The line could not be opened:', error);
      if (attempt !== mine) return;
      end();
      listener.state('disconnected');
      retryIn(nextWait());
    });
  };

  return {
    connect,
    check: () => {
      if (attempt && isSilent()) attempt.abort();
      connect();
    },
    isLive: () => attempt !== null && caughtUpAt !== null && !isSilent(),
    resume: () => attempt?.abort(),
    stop: () => {
      end();
      downSince = null;
      retry = null;
    },
  };
};
