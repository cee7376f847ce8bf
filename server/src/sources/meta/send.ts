import { z } from 'zod';
import { isBsuid } from '../bsuid.ts';
import { id, part } from '../fields.ts';
import type { Answer, CallRequest, Outgoing, Sender, Sent } from '../source.ts';
import { refusalOf } from './refusals.ts';
import type { MetaSettings } from './settings.ts';

const Accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const Refused = z.object({ error: part({ code: id }) });

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages */
function request({ version }: MetaSettings, { own, customer, text }: Outgoing): CallRequest {
  const { address, guestId } = customer;
  const recipient = address === undefined && isBsuid(guestId ?? '') ? { recipient: guestId } : undefined;
  return {
    method: 'POST',
    path: `/${version}/${own}/messages`,
    json: {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...(recipient ?? { to: (address ?? guestId ?? '').replace(/^\+/, '') }),
      type: 'text',
      text: { body: text },
    },
  };
}

/** A success without an id and a failure of Meta's own leave open whether the message went. */
function outcome({ status, body }: Answer): Sent {
  const accepted = Accepted.safeParse(body);
  if (status >= 200 && status < 300 && accepted.success) {
    return { outcome: 'accepted', messageId: accepted.data.messages[0]!.id };
  }
  if (status < 400 || status === 408 || status >= 500) return { outcome: 'unknown' };
  const refusal = refusalOf(Refused.safeParse(body).data?.error?.code);
  const byStatus = status === 401 || status === 403 ? '190' : status === 429 ? '130429' : undefined;
  return { outcome: 'refused', ...(refusal.reason === 'other' && byStatus ? refusalOf(byStatus) : refusal) };
}

export const sender: Sender<MetaSettings> = { maxLength: 4096, request, outcome };
