/** The agent's notifications, as the stream tells them. The count is the server's, never our own arithmetic. */
import type { Notification } from '@converso/shared';
import { computed, signal } from '@preact/signals';
import { ApiError, conversationPath, request } from './api.ts';
import { tellProblem } from './notice.ts';

const byId = signal<ReadonlyMap<string, Notification>>(new Map());
export const unread = signal(0);
export const items = computed(() => [...byId.value.values()]);

/** Conversations with an open notification. */
export const unreadConversations = computed(
  () => new Set(items.value.filter(({ state }) => state === 'open').map(({ conversation }) => conversation.id)),
);

export function replaceBell(all: readonly Notification[], count: number): void {
  byId.value = new Map(all.map((item) => [item.id, item]));
  unread.value = count;
}

/** An older revision, overtaken by a newer one, changes nothing. */
export function upsertBell(item: Notification, count: number): void {
  const known = byId.value.get(item.id);
  if (known && known.seq > item.seq) return;
  byId.value = new Map(byId.value).set(item.id, item);
  unread.value = count;
}

/** Shows as read at once what the server is being told is read; the stream brings the rest. */
function showRead(which: (item: Notification) => boolean): void {
  const read = items.value.filter((item) => item.state === 'open' && which(item));
  if (read.length === 0) return;
  const next = new Map(byId.value);
  for (const item of read) next.set(item.id, { ...item, state: 'read' });
  byId.value = next;
}

export async function markAllRead(): Promise<void> {
  const upTo = Math.max(0, ...items.value.map(({ seq }) => seq));
  try {
    const answer = await request<{ unread: number }>('POST', '/notifications/read', { all: true, upTo });
    showRead(({ seq }) => seq <= upTo);
    unread.value = answer.unread;
  } catch (error) {
    tellProblem(error);
  }
}

/** Conversations whose reading is being told. */
const reading = new Set<string>();

/**
 * Tells the server that the conversation was looked at. A failure is not the agent's concern: the notification
 * stays open, and the next look tries again.
 */
export async function readConversation(conversationId: string): Promise<void> {
  if (reading.has(conversationId)) return;
  reading.add(conversationId);
  try {
    const answer = await request<{ unread: number }>('POST', conversationPath(conversationId, '/read'));
    showRead(({ conversation }) => conversation.id === conversationId);
    unread.value = answer.unread;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    reading.delete(conversationId);
  }
}
