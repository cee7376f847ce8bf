/** The conversation lists, one per view, each as the server last gave it. */
import type { ConversationSummary, ConversationsPage, InboxView } from '@converso/shared';
import { computed, signal } from '@preact/signals';
import { ApiError, request } from './api.ts';

export const VIEWS: readonly InboxView[] = ['mine', 'team', 'assistant', 'closed'];

export const view = signal<InboxView>('mine');
const pages = signal<Partial<Record<InboxView, ConversationSummary[]>>>({});

/** The list in view; undefined until the server has given it. */
export const list = computed(() => pages.value[view.value]);
export const counts = signal<ConversationsPage['counts'] | null>(null);
/** Whether something here delivers replies; null until the server has said. */
export const canReply = signal<boolean | null>(null);

/** The server may answer out of order: only the newest question counts. */
let asked = 0;

/** Fetches the list in view. Throws nothing: without a connection the old list stays, and the page says so. */
export async function refreshList(): Promise<void> {
  const question = ++asked;
  const wanted = view.value;
  try {
    const page = await request<ConversationsPage>('GET', `/conversations?view=${wanted}`);
    if (question !== asked) return;
    pages.value = { ...pages.value, [wanted]: page.items };
    counts.value = page.counts;
    canReply.value = page.canReply;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

export function forgetLists(): void {
  asked++;
  view.value = 'mine';
  pages.value = {};
  counts.value = null;
  canReply.value = null;
}

/** The view that lists the conversation for this agent; null for a colleague's. */
export function viewOf(conversation: ConversationSummary, agentId: string): InboxView | null {
  const { assignee, status } = conversation;
  if (status === 'closed') return 'closed';
  if (assignee === null) return 'team';
  if (assignee.kind === 'assistant') return 'assistant';
  return assignee.id === agentId ? 'mine' : null;
}
