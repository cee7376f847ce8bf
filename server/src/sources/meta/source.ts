import { defineSource } from '../source.ts';
import { check, register } from './register.ts';
import { sender } from './send.ts';
import { MetaSettings } from './settings.ts';
import { translate } from './translate.ts';
import { greet, verify } from './verify.ts';

/** WhatsApp Cloud, Meta's own API. Chats open in the built-in inbox. */
export const meta = defineSource({
  label: 'WhatsApp Cloud',
  settings: MetaSettings,
  secrets: { app: 'given', token: 'given', verify: 'made' },
  acceptedStatus: 200,
  // Meta's own limit.
  bodyLimit: 3 * 1024 * 1024,
  greet,
  verify,
  translate,
  api: (_, { token }) => ({
    base: 'https://graph.facebook.com',
    headers: { authorization: `Bearer ${token[0] ?? ''}` },
  }),
  check,
  register,
  sender,
});
