import { z } from 'zod';
import { id } from '../fields.ts';
import type { Answer, CallRequest, Outgoing, Sender, Sent } from '../source.ts';
import { refusalOf } from './refusals.ts';
import type { TwilioSettings } from './settings.ts';

const Created = z.object({ sid: z.string().min(1) });
const Refused = z.object({ code: id });

const prefixed = (channel: string, address: string): string => (channel === 'sms' ? address : `${channel}:${address}`);

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
function request({ account }: TwilioSettings, { channel, own, customer, text, statusUrl }: Outgoing): CallRequest {
  return {
    method: 'POST',
    path: `/2010-04-01/Accounts/${account}/Messages.json`,
    form: {
      To: prefixed(channel, customer.address ?? customer.guestId ?? ''),
      From: prefixed(channel, own),
      Body: text,
      StatusCallback: statusUrl,
    },
  };
}

/** A success without an id and a failure of Twilio's own leave open whether the message went. */
function outcome({ status, body }: Answer): Sent {
  const created = Created.safeParse(body);
  if (status >= 200 && status < 300 && created.success) return { outcome: 'accepted', messageId: created.data.sid };
  if (status < 400 || status === 408 || status >= 500) return { outcome: 'unknown' };
  const code = Refused.safeParse(body).data?.code;
  const byStatus = status === 401 || status === 403 ? '20003' : status === 429 ? '429' : undefined;
  const refusal = refusalOf(code);
  return { outcome: 'refused', ...(refusal.reason === 'other' && byStatus ? refusalOf(byStatus) : refusal) };
}

export const sender: Sender<TwilioSettings> = { maxLength: 1600, request, outcome };
