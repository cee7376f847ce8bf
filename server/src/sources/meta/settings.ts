import { Id } from '@converso/shared';
import { z } from 'zod';

const PhoneNumberId = z.string().regex(/^\d{1,32}$/, 'must be a number’s id at Meta, which is digits');

export const MetaSettings = z.object({
  /** Numbers of the app that this source reads, each with the group that answers there. */
  numbers: z.array(z.object({ id: PhoneNumberId, groupId: Id })).min(1),
  /** The WhatsApp Business Account that sends us its webhooks. */
  businessAccount: z.string().regex(/^\d{1,32}$/, 'must be digits'),
  /** Of the Graph API. */
  version: z
    .string()
    .regex(/^v\d{1,3}\.\d{1,2}$/, 'must be like v25.0')
    .default('v25.0'),
});
export type MetaSettings = z.infer<typeof MetaSettings>;

export type MetaSecret = 'app' | 'token' | 'verify';
