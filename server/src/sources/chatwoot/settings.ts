import { z } from 'zod';

/** `https://desk.example.com/`, without what may follow the host and the path. */
const BaseUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/[?#].*$/, '').replace(/\/+$/, ''));

/** Only this machine hears what is sent there. */
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:|\/|$)/i;

const Fields = z.object({
  url: BaseUrl,
  /** The account's number, as in the address of its dashboard. */
  account: z.coerce.string().regex(/^\d{1,18}$/, 'must be a number'),
  /** Agents see a chat by its inbox, as in Chatwoot itself, or by the team it is given to. */
  groupsBy: z.enum(['inbox', 'team']).default('inbox'),
  /** Takes requests without a signature: for Chatwoot before 4.11.2. */
  unsigned: z.boolean().default(false),
  /** Takes an address without TLS: for a Chatwoot in the same network. */
  allowHttp: z.boolean().default(false),
});

export const ChatwootSettings = Fields.refine(
  ({ url, allowHttp }) => allowHttp || url.startsWith('https:') || LOOPBACK.test(url),
  { path: ['url'], message: 'must begin with https://, because the access token is sent there' },
);
export type ChatwootSettings = z.infer<typeof ChatwootSettings>;
