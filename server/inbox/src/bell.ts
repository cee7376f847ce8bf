/**
 * The agent's notifications, as the stream tells them. The count is the stream's alone: not our own arithmetic,
 * nor what a request answers, for an answer may be older than an event that has overtaken it. Where no stream comes
 * through, it is what the server answers when it is asked every 30 seconds.
 */
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

/** Newer revisions of some, and the count, as the server answered them when the stream brought nothing. */
export function updateBell(some: readonly Notification[], count: number): void {
  for (const item of some) upsertBell(item, count);
  unread.value = count;
}

const newestSeq = () => Math.max(0, ...items.value.map(({ seq }) => seq));

/** Shows as read at once what the server is being told is read; the stream brings the rest. */
function showRead(which: (item: Notification) => boolean): void {
  const read = items.value.filter((item) => item.state === 'open' && which(item));
  if (read.length === 0) return;
  const next = new Map(byId.value);
  for (const item of read) next.set(item.id, { ...item, state: 'read' });
  byId.value = next;
}

export async function markAllRead(): Promise<void> {
  const upTo = newestSeq();
  try {
    await request('POST', '/notifications/read', { all: true, upTo });
    showRead(({ seq }) => seq <= upTo);
  } catch (error) {
    tellProblem(error);
  }
}

/** Conversations whose reading is being told. */
const reading = new Set<string>();

/**
 * Tells the server that the conversation was looked at, and again for what arrived while it was told, as long as
 * somebody is `inView`. A failure is not the agent's concern: the notification stays open, and the next look
 * tries again.
 */
export async function readConversation(conversationId: string, inView: () => boolean): Promise<void> {
  if (reading.has(conversationId)) return;
  reading.add(conversationId);
  try {
    do {
      const upTo = newestSeq();
      await request('POST', conversationPath(conversationId, '/read'));
      showRead(({ conversation, seq }) => conversation.id === conversationId && seq <= upTo);
    } while (unreadConversations.value.has(conversationId) && inView());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    reading.delete(conversationId);
  }
}
