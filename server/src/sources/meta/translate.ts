import { parseJson } from '../fields.ts';
import type { Context, Incoming, Translation } from '../source.ts';
import { ignored, joined, unusable } from '../translation.ts';
import { handover } from './handover.ts';
import { history } from './history.ts';
import { message, phoneAppEcho, standbyEcho, status, userIdUpdate } from './items.ts';
import { Envelope, Value } from './payload.ts';
import type { MetaSettings } from './settings.ts';
import type { OwnNumber } from './thread.ts';

/** @param raw the change's value as it came: a handover is one item by itself */
function change(field: string, value: Value, raw: unknown, number: OwnNumber): Translation {
  switch (field) {
    case 'messages':
      return joined([
        ...value.messages.map((item) => message(item, number, false)),
        ...value.statuses.map((item) => status(item, number)),
      ]);
    case 'smb_message_echoes':
      return joined(value.message_echoes.map((item) => phoneAppEcho(item, number)));
    case 'history':
      return joined(value.history.map((item) => history(item, number)));
    case 'standby': {
      const { messages = [], message_echoes = [], statuses = [], contacts = [] } = value.standby ?? {};
      const standing = { ...number, contacts: [...number.contacts, ...contacts] };
      return joined([
        ...messages.map((item) => message(item, standing, true)),
        ...message_echoes.map((item) => standbyEcho(item, standing)),
        ...statuses.map((item) => status(item, standing)),
      ]);
    }
    case 'messaging_handovers':
      return handover(raw, number);
    case 'user_id_update':
      return joined(value.user_id_update.map(userIdUpdate));
    default:
      return ignored(field);
  }
}

/** A webhook of WhatsApp Cloud: changes of several accounts and numbers, each with several items. */
export function translate({ body }: Incoming, context: Context<MetaSettings>): Translation {
  const envelope = Envelope.safeParse(parseJson(body));
  if (!envelope.success) return unusable('not a webhook of WhatsApp');
  const changes = envelope.data.entry.flatMap((entry) => entry.changes);
  return joined(
    changes.map(({ field, value: raw }) => {
      const value = Value.parse(raw);
      const id = value.metadata?.phone_number_id ?? value.recipient?.phone_number_id;
      const groupId = context.settings.numbers.find((number) => number.id === id)?.groupId;
      if (id === undefined) return ignored(`${field} of no number`);
      // One URL serves all numbers of an app; those that this source does not name are another's.
      if (groupId === undefined) return ignored('another number');
      const phone = value.metadata?.display_phone_number?.replace(/\D/g, '');
      return change(field, value, raw, { id, phone, groupId, contacts: value.contacts, context });
    }),
  );
}
