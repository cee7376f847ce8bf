import { Id } from '@converso/shared';
import { z } from 'zod';

export const TwilioSettings = z.object({
  /** The account or subaccount that the number belongs to. */
  account: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be AC and 32 hex digits'),
  /** Who answers here: a group of the business. */
  groupId: Id,
});
export type TwilioSettings = z.infer<typeof TwilioSettings>;

/** The account's auth token; while a second one is being promoted both sign. */
export type TwilioSecret = 'token';
