import { z } from 'zod';

/** The channel a conversation runs over: one lower-case word. Any word works; the known ones have a label and an icon. */
export const Channel = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be a lower-case word');
export type Channel = z.infer<typeof Channel>;
