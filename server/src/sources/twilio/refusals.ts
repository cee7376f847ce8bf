import type { RefusedBecause } from '../source.ts';

export interface Refusal {
  reason: RefusedBecause;
  words: string;
}

const CLOSED: Refusal = {
  reason: 'window_closed',
  words: 'WhatsApp’s 24 hours are over; only an approved template can be sent.',
};
const OPTED_OUT: Refusal = { reason: 'opted_out', words: 'They have unsubscribed (STOP).' };
const UNREACHABLE: Refusal = { reason: 'unreachable', words: 'This number cannot get messages.' };
const BUSY: Refusal = { reason: 'busy', words: 'Too many messages at once; try again in a moment.' };
const MISCONFIGURED: Refusal = {
  reason: 'misconfigured',
  words: 'Twilio refuses our access; the operator can see why with `source test`.',
};

/** Twilio's error codes that an agent can do something about: https://www.twilio.com/docs/api/errors */
const REFUSALS: Record<string, Refusal> = {
  63016: CLOSED,
  21610: OPTED_OUT,
  21211: UNREACHABLE,
  21614: UNREACHABLE,
  63003: UNREACHABLE,
  63024: UNREACHABLE,
  63018: BUSY,
  20429: BUSY,
  429: BUSY,
  20003: MISCONFIGURED,
};

/** @param code Twilio's error code, where there is one */
export const refusalOf = (code: string | undefined): Refusal =>
  (code === undefined ? undefined : REFUSALS[code]) ?? {
    reason: 'other',
    words: code === undefined ? 'Twilio did not deliver it.' : `Twilio did not deliver it (error ${code}).`,
  };
