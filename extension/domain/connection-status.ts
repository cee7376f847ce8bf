/** How the connection to the server looks to the person at this device. */

export type ConnectionStatus =
  | 'signed_out'
  | 'connecting'
  /** The stream has caught up: what is shown is what is so. */
  | 'connected'
  /** No stream comes through, but the server answers: it is asked every 30 seconds. */
  | 'polling'
  /** No network, no answer, or a server in trouble: retried by itself. */
  | 'disconnected'
  /** Another browser with the same session took over: retried when the device is used. */
  | 'replaced';

export interface ConnectionRecord {
  state: ConnectionStatus;
  /**
   * Epoch milliseconds since when `state` holds. From `connecting` to `disconnected` and back it stays, so that until
   * `connected` it tells since when there is no connection.
   */
  since: number;
  /** Epoch milliseconds when what is shown was last known to be so: bytes of a stream that has caught up, or a poll. */
  lastEventAt: number | null;
  /** True when the server ended the session, not the agent. */
  againstWill: boolean;
}

/** A connection that has brought nothing for this long (milliseconds) is helped out by polling. */
export const POLL_AFTER_MS = 20_000;
/** Polling has ended when nothing was polled for this long (milliseconds): with the browser, say. */
const POLLING_ENDS_AFTER_MS = 90_000;

/** What happened to the connection; most are states, and `poll_failed` ends polling. */
export type ConnectionReport = ConnectionStatus | 'poll_failed';

const isOlder = (at: number | null, age: number, now: number): boolean => at === null || now - at >= age || at > now;

const nextState = (was: ConnectionStatus, report: ConnectionReport): ConnectionStatus => {
  switch (report) {
    case 'connecting':
      // An attempt is no news to a person: what was disconnected stays so until it is connected.
      return was === 'disconnected' || was === 'polling' ? was : 'connecting';
    case 'disconnected':
      return was === 'polling' ? 'polling' : 'disconnected';
    case 'polling':
      return was === 'connecting' || was === 'disconnected' ? 'polling' : was;
    case 'poll_failed':
      return was === 'polling' ? 'disconnected' : was;
    default:
      return report;
  }
};

const isDown = (state: ConnectionStatus): boolean => state === 'connecting' || state === 'disconnected';

/** The connection after a report. `now` is in epoch milliseconds. */
export const withReport = (
  was: ConnectionRecord,
  report: ConnectionReport,
  now: number,
  againstWill = false,
): ConnectionRecord => {
  const hasEnded = was.state === 'polling' && isOlder(was.lastEventAt, POLLING_ENDS_AFTER_MS, now);
  const state = nextState(hasEnded ? 'disconnected' : was.state, report);
  const goesOn = was.state === state || (isDown(was.state) && isDown(state));
  const lastEventAt = report === 'polling' && state === 'polling' ? now : was.lastEventAt;
  return { state, since: goesOn ? was.since : now, lastEventAt, againstWill };
};

/** Whether the server should be polled: the stream has brought nothing for a while. */
export const needsPoll = ({ state, since }: ConnectionRecord, now: number): boolean =>
  state === 'polling' || (isDown(state) && isOlder(since, POLL_AFTER_MS, now));
