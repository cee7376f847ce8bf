/** What is read of Chatwoot's payloads, of every version since 2023; everything else is dropped unseen. */
import { z } from 'zod';
import { flag, id, list, part, text } from '../fields.ts';

/** Epoch milliseconds; Chatwoot writes seconds, with or without microseconds, or ISO 8601. */
const time = z
  .union([
    // Rounded to whole microseconds first: the product of a float may lie just below its millisecond.
    z.number().transform((seconds) => Math.floor(Math.round(seconds * 1e6) / 1e3)),
    z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso)),
  ])
  .optional()
  .catch(undefined);

/** A person or a program; which of them is said by `type`, in some shapes by a field beside it. */
const Author = part({ id, name: text, email: text, phone_number: text, type: text });

const Attachment = z.object({ file_type: text, fallback_title: text });

const message = {
  id,
  content: text,
  /** A word in webhooks, a number in the API. */
  message_type: z.union([z.string(), z.number()]).optional().catch(undefined),
  created_at: time,
  private: flag,
  sender: Author,
  sender_type: text,
  attachments: list.transform((items) =>
    items.flatMap((item) => {
      const parsed = Attachment.safeParse(item);
      return parsed.success ? [parsed.data] : [];
    }),
  ),
  content_attributes: part({ automation_rule_id: id, external_echo: flag }),
  additional_attributes: part({ campaign_id: id }),
};
export const Message = z.object(message);
export type Message = z.infer<typeof Message>;

const conversation = {
  id,
  inbox_id: id,
  channel: text,
  status: text,
  contact_inbox: part({ source_id: text }),
  meta: part({
    channel: text,
    sender: Author,
    assignee: Author,
    assignee_type: text,
    team: part({ id }),
  }),
  updated_at: time,
  last_activity_at: time,
  last_non_activity_message: part({ ...message, conversation: part({ contact_inbox: part({ source_id: text }) }) }),
};
export const Conversation = z.object(conversation);
export type Conversation = z.infer<typeof Conversation>;

export const MessageWebhook = z.object({ ...message, conversation: Conversation.optional().catch(undefined) });

export const Webhook = z.object({ event: z.string() });

/** `GET /agents` and the members of inboxes and teams. */
export const AgentRow = z.object({ id: z.number().int().transform(String), name: text, email: text, role: text });
/** Of an inbox these fields only: an administrator's token also gets the channel's keys and passwords. */
export const InboxRow = z.object({ id: z.number().int().transform(String), name: text });
export const TeamRow = InboxRow;

export const WebhookRow = z.object({ id, url: text, secret: text, subscriptions: z.array(z.string()).catch([]) });

export const Profile = z.object({
  name: text,
  accounts: z.array(z.object({ id, role: text })).catch([]),
});
