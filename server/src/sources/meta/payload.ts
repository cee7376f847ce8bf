/** What is read of WhatsApp Cloud's webhooks; every item is parsed by itself, so that an odd one costs only itself. */
import { z } from 'zod';
import { flag, id, list, listOf, part, text } from '../fields.ts';

/** Epoch milliseconds; Meta writes seconds, as text or as a number, and milliseconds in a few places. */
const time = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .transform((value) => (value < 1e11 ? Math.floor(value * 1000) : Math.floor(value)))
  .optional()
  .catch(undefined);

export const Envelope = z.object({
  entry: listOf(
    z.object({ changes: listOf(z.object({ field: z.string(), value: z.record(z.string(), z.unknown()) })) }),
  ),
});

/** Any change of a number: whose it is, and its items. */
export const Value = z.object({
  metadata: part({ phone_number_id: id, display_phone_number: text }),
  recipient: part({ phone_number_id: id }),
  contacts: listOf(z.object({ profile: part({ name: text }), wa_id: id, user_id: text })),
  messages: list,
  message_echoes: list,
  statuses: list,
  history: list,
  user_id_update: list,
  standby: part({
    contacts: listOf(z.object({ profile: part({ name: text }), wa_id: id, user_id: text })),
    messages: list,
    message_echoes: list,
    statuses: list,
  }),
});
export type Value = z.infer<typeof Value>;
export type Contact = Value['contacts'][number];

const Media = part({ caption: text, filename: text });
const Titled = part({ title: text });

const content = {
  type: text,
  text: part({ body: text }),
  button: part({ text }),
  interactive: part({ button_reply: Titled, list_reply: Titled, nfm_reply: part({ body: text }) }),
  image: Media,
  video: Media,
  document: Media,
  sticker: Media,
  audio: part({ voice: flag }),
  location: part({
    name: text,
    address: text,
    latitude: z.number().optional().catch(undefined),
    longitude: z.number().optional().catch(undefined),
  }),
  contacts: z
    .array(z.object({ name: part({ formatted_name: text, first_name: text }) }))
    .optional()
    .catch(undefined),
  order: part({ product_items: list.transform((items) => items.length) }),
};
export const Content = z.object(content);
export type Content = z.infer<typeof Content>;

export const Message = z.object({
  ...content,
  id: text,
  timestamp: time,
  from: id,
  from_user_id: text,
  to: id,
  to_user_id: text,
  recipient: id,
  recipient_user_id: text,
  message_creation_type: text,
  system: part({ body: text, type: text, wa_id: id, new_wa_id: id, user_id: text }),
  history_context: part({ status: text }),
});
export type Message = z.infer<typeof Message>;

/** An echo of the assistant's, whose message is one level deeper. */
export const StandbyEcho = z.object({
  id: text,
  timestamp: time,
  message: Message.optional().catch(undefined),
});

export const Status = z.object({ id: text, status: text, errors: listOf(z.object({ code: id })) });

export const UserIdUpdate = z.object({
  wa_id: id,
  user_id: part({ previous: text, current: text }),
});

export const History = z.object({
  errors: list,
  threads: listOf(z.object({ id, context: part({ wa_id: id, user_id: text }), messages: list })),
});

export const Handover = z.object({
  type: text,
  timestamp: time,
  sender: part({ phone_number: id, wa_id: id, user_id: text }),
  control_passed: part({
    metadata: text,
    previous_owner_app_role: text,
    previous_owner_role: text,
    new_owner_app_role: text,
    new_owner_role: text,
  }),
});
