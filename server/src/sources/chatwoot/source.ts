import { defineSource } from '../source.ts';
import { check, missed, people, register } from './people.ts';
import { ChatwootSettings } from './settings.ts';
import { translate } from './translate.ts';
import { verify } from './verify.ts';

/** Chatwoot, cloud or self-hosted, by its account webhook. Chats open in Chatwoot itself. */
export const chatwoot = defineSource({
  label: 'Chatwoot',
  settings: ChatwootSettings,
  secrets: { token: 'given', webhook: 'registered' },
  acceptedStatus: 200,
  bodyLimit: 3 * 1024 * 1024,
  verify,
  translate,
  api: ({ url }, { token }) => ({ base: url, headers: { api_access_token: token[0] ?? '' } }),
  check,
  people,
  missed,
  register,
  inbox({ url, account }) {
    const base = `${url}/app/accounts/${account}`;
    return {
      url: `${base}/dashboard`,
      conversationUrls: [
        `${base}/conversations/{conversationId}`,
        `${base}/inbox/*/conversations/{conversationId}`,
        `${base}/label/*/conversations/{conversationId}`,
        `${base}/team/*/conversations/{conversationId}`,
        `${base}/custom_view/*/conversations/{conversationId}`,
        `${base}/mentions/conversations/{conversationId}`,
        `${base}/unattended/conversations/{conversationId}`,
        `${base}/participating/conversations/{conversationId}`,
      ],
    };
  },
});
