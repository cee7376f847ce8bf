import type { RefusedBecause } from '../source.ts';

export interface Refusal {
  reason: RefusedBecause;
  words: string;
}

const BUSY: Refusal = { reason: 'busy', words: 'Too many messages at once; try again in a moment.' };
const MISCONFIGURED: Refusal = {
  reason: 'misconfigured',
  words: 'Meta refuses our access; the operator can see why with `source test`.',
};
const RESTRICTED: Refusal = { reason: 'misconfigured', words: 'This WhatsApp account is restricted by Meta.' };

/**
 * Error codes that an agent can do something about:
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
const REFUSALS: Record<string, Refusal> = {
  131047: { reason: 'window_closed', words: 'WhatsApp’s 24 hours are over; only a template can be sent.' },
  131026: { reason: 'unreachable', words: 'It could not be delivered to this person.' },
  131056: BUSY,
  130429: BUSY,
  80007: BUSY,
  190: MISCONFIGURED,
  10: MISCONFIGURED,
  200: MISCONFIGURED,
  131031: RESTRICTED,
  368: RESTRICTED,
};

/** @param code Meta's error code, where there is one */
export const refusalOf = (code: string | undefined): Refusal =>
  (code === undefined ? undefined : REFUSALS[code]) ?? {
    reason: 'other',
    words: code === undefined ? 'WhatsApp did not deliver it.' : `WhatsApp did not deliver it (error ${code}).`,
  };
