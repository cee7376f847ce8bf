/** The conversations that were opened in this tab, as the server last gave them, so that going back shows them at once. */
import type { ConversationDetail } from '@converso/shared';
import { computed, signal } from '@preact/signals';
import { ApiError, conversationPath, request } from './api.ts';
import { openId } from './route.ts';

/** More would only keep memory busy in a tab that is open for weeks. */
const KEPT = 30;

const details = signal<ReadonlyMap<string, ConversationDetail>>(new Map());
const missing = signal<ReadonlySet<string>>(new Set());

export type Thread = { state: 'none' | 'loading' | 'missing' } | { state: 'here'; conversation: ConversationDetail };

/** The conversation in view. */
export const thread = computed<Thread>(() => {
  const id = openId.value;
  if (id === null) return { state: 'none' };
  if (missing.value.has(id)) return { state: 'missing' };
  const conversation = details.value.get(id);
  return conversation ? { state: 'here', conversation } : { state: 'loading' };
});

let asked = 0;

function keep(conversation: ConversationDetail): void {
  const next = new Map(details.value);
  next.delete(conversation.id);
  next.set(conversation.id, conversation);
  for (const oldest of next.keys()) {
    if (next.size <= KEPT) break;
    next.delete(oldest);
  }
  details.value = next;
}

/** Fetches the conversation in view. Without a connection the old one stays. */
export async function refreshThread(): Promise<void> {
  const id = openId.value;
  if (id === null) return;
  const question = ++asked;
  try {
    const conversation = await request<ConversationDetail>('GET', conversationPath(id));
    if (question !== asked) return;
    if (missing.value.has(id)) missing.value = new Set([...missing.value].filter((other) => other !== id));
    keep(conversation);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404 && question === asked) missing.value = new Set(missing.value).add(id);
  }
}

export function forgetThreads(): void {
  asked++;
  details.value = new Map();
  missing.value = new Set();
}
