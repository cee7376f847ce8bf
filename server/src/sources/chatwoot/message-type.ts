import type { Message } from './payload.ts';

const NUMBERED = ['incoming', 'outgoing', 'activity', 'template'];

/** `incoming`, `outgoing`, `activity` or `template`; the API numbers them, webhooks name them. */
export const messageType = ({ message_type }: Message): string =>
  typeof message_type === 'number' ? (NUMBERED[message_type] ?? 'unknown') : (message_type ?? 'missing');
