import { CallError, defineSource } from '../source.ts';
import { sender } from './send.ts';
import { TwilioSettings } from './settings.ts';
import { translate } from './translate.ts';
import { verify } from './verify.ts';

/**
 * What stands behind the URL that is pasted at Twilio: up to 5 tries after a failure of the connection, of reading or
 * of the server. Without it Twilio tries once. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export const RETRIES = '#rc=5&rp=5xx,ct,rt';

/** Twilio's Messages: SMS, WhatsApp, Messenger, RCS. Chats open in the built-in inbox. */
export const twilio = defineSource({
  label: 'Twilio',
  settings: TwilioSettings,
  secrets: { token: 'given' },
  // Any text in the answer is sent to the customer.
  acceptedStatus: 204,
  bodyLimit: 256 * 1024,
  verify,
  translate,
  api: ({ account }, { token }) => ({
    base: 'https://api.twilio.com',
    headers: { authorization: `Basic ${Buffer.from(`${account}:${token[0] ?? ''}`).toString('base64')}` },
  }),
  async check(call, { account }) {
    const { status, body } = await call({ method: 'GET', path: `/2010-04-01/Accounts/${account}.json` });
    if (status !== 200) throw new CallError(`Twilio answered ${status} for the account: is the auth token its own?`);
    const name = (body as { friendly_name?: unknown } | null)?.friendly_name;
    return `signed in to ${typeof name === 'string' ? name : account}`;
  },
  sender,
});
