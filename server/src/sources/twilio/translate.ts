import { isBsuid } from '../bsuid.ts';
import { scoped, shortId } from '../ids.ts';
import { personRef } from '../person.ts';
import type { Context, Incoming, Translation } from '../source.ts';
import { events, failedReply, ignored, isoTime, unusable } from '../translation.ts';
import { refusalOf } from './refusals.ts';
import type { TwilioSettings } from './settings.ts';
import { isForm } from './verify.ts';

type Form = (name: string) => string;

/** `whatsapp:+12025550143` as the channel and what comes behind it; a bare number is an SMS. */
function addressOf(text: string): { channel: string; value: string } {
  const [, channel, value] = /^([a-z][a-z0-9_-]{0,31}):(.+)$/s.exec(text) ?? [];
  return { channel: channel ?? 'sms', value: (value ?? text).trim() };
}

/** An attachment's kind is the first word of its MIME type. Its URL needs our token, so it is not kept. */
const attachmentsOf = (form: Form): { type: string }[] =>
  Array.from({ length: Math.min(Number(form('NumMedia')) || 0, 100) }, (_, n) => ({
    type: form(`MediaContentType${n}`).split('/')[0]?.slice(0, 100) || 'file',
  }));

function textOf(form: Form): string {
  const written = form('Body') || form('ButtonText') || form('ListTitle');
  if (written !== '' || form('Latitude') === '') return written;
  const place = [form('Label'), form('Address')].filter((part) => part !== '').join(', ');
  return `Location: ${place || `${form('Latitude')}, ${form('Longitude')}`}`;
}

function message(form: Form, messageSid: string, context: Context<TwilioSettings>): Translation {
  const from = addressOf(form('From'));
  const to = addressOf(form('To'));
  const external = addressOf(form('ExternalUserId')).value;
  const bsuid = isBsuid(external) ? external : isBsuid(from.value) ? from.value : undefined;
  const isNumber = /^\+\d{1,20}$/.test(from.value) || (from.channel === 'sms' && /^\d{1,20}$/.test(from.value));
  const ref = to.value === '' ? undefined : personRef(context.sourceId, to.value, [bsuid, from.value]);
  if (ref === undefined) return unusable('message without From or To');
  const { person, conversationId } = ref;
  const name = form('ProfileName') || form('ProfileUsername');
  const customer = {
    ...(isNumber ? { address: from.value } : {}),
    ...(isNumber && bsuid === undefined ? {} : { guestId: shortId(bsuid ?? from.value) }),
    ...(name === '' ? {} : { name }),
  };
  const conversation = { id: conversationId, groupId: context.settings.groupId, channel: from.channel };
  const id = scoped(context.sourceId, messageSid);
  // Twilio does not say when a message was written.
  const timestamp = isoTime(context.receivedAt);
  const content = { id, text: textOf(form), attachments: attachmentsOf(form) };
  const received = { type: 'message.received', timestamp, data: { conversation, from: customer, message: content } };
  // Twilio has answered STOP, START and HELP itself.
  const settled = { type: 'conversation.no_reply_needed', timestamp, data: { conversation } };
  return events('message', [
    { id, event: received, person },
    ...(form('OptOutType') === '' ? [] : [{ id: `${id}:answered`, event: settled, person }]),
  ]);
}

/** What became of a reply that we sent; only a failure is news. */
function status(form: Form, messageSid: string, context: Context<TwilioSettings>): Translation {
  const word = form('MessageStatus');
  if (word !== 'failed' && word !== 'undelivered') return ignored(`status ${word}`);
  const refusal = refusalOf(/^\d{1,6}$/.exec(form('ErrorCode'))?.[0]);
  return failedReply({ messageId: scoped(context.sourceId, messageSid), ...refusal });
}

/** A webhook of Twilio's Messages; those of its other products are genuine and of no use. */
export function translate({ method, url, headers, body }: Incoming, context: Context<TwilioSettings>): Translation {
  if (method === 'POST' && !isForm(headers)) return ignored('not Messages');
  const fields = new URLSearchParams(method === 'GET' ? /\?([^#]*)/.exec(url)?.[1] : body.toString('utf8'));
  const form: Form = (name) => fields.get(name) ?? '';
  if (fields.has('EventType')) return ignored('not Messages');
  const messageSid = form('MessageSid') || form('SmsSid') || form('SmsMessageSid');
  if (messageSid === '') return fields.has('CallSid') ? ignored('call') : unusable('no MessageSid');
  if (fields.has('MessageStatus') && !fields.has('Body')) return status(form, messageSid, context);
  return message(form, messageSid, context);
}
