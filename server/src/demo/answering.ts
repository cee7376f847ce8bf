/**
 * Lets the demo's assistant answer. Keeps, per conversation, the timer of the answer that it is "typing"; a
 * further message begins it anew. A restart forgets an answer that was not given yet.
 */
import { randomUUID } from 'node:crypto';
import type { ConversationDetail } from '@converso/shared';
import { describeError, type Log } from '../log.ts';
import type { Clock } from '../ports/types.ts';
import { respond, type SaidLine } from './assistant.ts';
import type { Send } from './sender.ts';

/** Milliseconds that an answer takes. */
const TYPING_MS = 1_200;

interface Answering {
  /** The customer has written: answer soon, if the chat is the assistant's then. */
  consider(conversationId: string): void;
}

const saidIn = ({ entries }: ConversationDetail): SaidLine[] =>
  entries.flatMap(({ type, by, text }) => {
    if (type === 'received') return [{ from: 'customer' as const, text: text ?? '' }];
    return type === 'sent' ? [{ from: by?.kind ?? ('automatic' as const), text: text ?? '' }] : [];
  });

export function createAnswering(
  {
    send,
    thread,
    clock,
    log,
  }: { send: Send; thread: (conversationId: string) => Promise<ConversationDetail | null>; clock: Clock; log: Log },
  typingMs = TYPING_MS,
): Answering {
  const typing = new Map<string, NodeJS.Timeout>();

  async function answer(id: string): Promise<void> {
    const conversation = await thread(id);
    if (conversation?.assignee?.kind !== 'assistant' || conversation.status === 'closed') return;
    const response = respond(saidIn(conversation));
    if (response === null) return;
    const now = clock.now();
    const message = { id: randomUUID(), text: response.text };
    await send({
      type: 'message.sent',
      timestamp: new Date(now).toISOString(),
      data: { conversation: { id }, by: { assistant: true }, message },
    });
    if (response.givesUp === null) return;
    await send({
      type: 'conversation.handed_over',
      timestamp: new Date(now + 1).toISOString(),
      data: { conversation: { id }, reason: response.givesUp },
    });
  }

  return {
    consider(conversationId): void {
      clearTimeout(typing.get(conversationId));
      const timer = setTimeout(() => {
        typing.delete(conversationId);
        answer(conversationId).catch((error) => log.error(describeError(error), 'the assistant could not answer'));
      }, typingMs);
      timer.unref();
      typing.set(conversationId, timer);
    },
  };
}
