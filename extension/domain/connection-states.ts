/** The states of the worker's connection to the server, and what leads from one to the next. */

export type ConnectionState =
  /** Nobody is signed in, or the worker has just started. */
  | 'idle'
  /** An attempt is under way, or its stream has not caught up yet. */
  | 'connecting'
  /** The stream has caught up. */
  | 'open'
  /** A timer runs until the next attempt. */
  | 'waiting'
  /** Another browser with the same session took over. */
  | 'replaced'
  /** Ended by sign-out, here or at the server. */
  | 'stopped';

export type ConnectionEvent =
  /** A start, an alarm, the network's return, or the end of a wait. */
  | 'connect'
  /** The person at this device did something. */
  | 'use'
  /** The person did something while the attempt under way has been silent for some seconds. */
  | 'hurry'
  /** `caught_up` is carried out. */
  | 'caught_up'
  /** The server begins the stream again in the middle. */
  | 'snapshot'
  /** The attempt failed, the stream ended, or the server asked for rest. */
  | 'retry_later'
  | 'no_session'
  | 'replaced'
  | 'signed_out'
  | 'stop';

/** What the runner does: begin an attempt (and end the one under way), end it with all timers, or wait for the next. */
export type ConnectionEffect = 'attempt' | 'end' | 'wait';

export interface Transition {
  to: ConnectionState;
  effect?: ConnectionEffect;
}
type Row = Partial<Record<ConnectionEvent, Transition>>;

const ATTEMPT: Transition = { to: 'connecting', effect: 'attempt' };
const STOP: Row = { stop: { to: 'stopped', effect: 'end' } };
const BY_ANYBODY: Row = { connect: ATTEMPT, use: ATTEMPT, hurry: ATTEMPT };
const ENDINGS: Row = {
  ...STOP,
  retry_later: { to: 'waiting', effect: 'wait' },
  no_session: { to: 'idle', effect: 'end' },
  replaced: { to: 'replaced', effect: 'end' },
  signed_out: { to: 'stopped', effect: 'end' },
};

/** An event that a state does not name changes nothing. */
const TRANSITIONS: Record<ConnectionState, Row> = {
  idle: { ...STOP, ...BY_ANYBODY },
  connecting: { ...ENDINGS, hurry: ATTEMPT, caught_up: { to: 'open' } },
  open: { ...ENDINGS, snapshot: { to: 'connecting' } },
  waiting: { ...STOP, ...BY_ANYBODY },
  replaced: { ...STOP, use: ATTEMPT, hurry: ATTEMPT },
  stopped: BY_ANYBODY,
};

/** What follows from an event in a state; null where nothing does. */
export const transition = (state: ConnectionState, event: ConnectionEvent): Transition | null =>
  TRANSITIONS[state][event] ?? null;
