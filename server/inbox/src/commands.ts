/** The commands of an agent on a chat. Each one is sent to the server, and the page then shows the server's answer. */
import type { TakeConflict } from '@converso/shared';
import { signal } from '@preact/signals';
import { ApiError, conversationPath, request } from './api.ts';
import { refreshList } from './lists.ts';
import { tell, tellProblem } from './notice.ts';
import { refreshThread } from './thread.ts';

/** Conversations with a command under way: their buttons wait. */
export const busy = signal<ReadonlySet<string>>(new Set());

/** True if the server did it. */
async function execute(conversationId: string, path: string, body?: unknown): Promise<boolean> {
  busy.value = new Set(busy.value).add(conversationId);
  try {
    await request('POST', conversationPath(conversationId, path), body);
    return true;
  } catch (error) {
    if (path === '/take' && error instanceof ApiError && error.status === 409) tellFaster(error);
    else tellProblem(error);
    return false;
  } finally {
    await Promise.all([refreshList(), refreshThread()]);
    busy.value = new Set([...busy.value].filter((id) => id !== conversationId));
  }
}

/** The 409 of take: a colleague, a closed chat, or an inbox that is not this one. */
function tellFaster(error: ApiError): void {
  const { assignee } = error.body as Partial<TakeConflict>;
  if (assignee) tell(`${assignee.name} was faster and has this chat now.`);
  else if (assignee === null) tell('This chat has been closed in the meantime.');
  else tell(error.message, 'problem');
}

export const take = (id: string) => execute(id, '/take');
export const assignTo = (id: string, agentId: string) => execute(id, '/assign', { assignee: { agentId } });
export const handBack = (id: string) => execute(id, '/assign', { assignee: { assistant: true } });
export const giveBack = (id: string) => execute(id, '/assign', { assignee: null });
export const noReplyNeeded = (id: string) => execute(id, '/no-reply-needed');
export const close = (id: string) => execute(id, '/close');
export const reopen = (id: string) => execute(id, '/reopen');

/** Sends a reply to the customer, or with `note` a private note to the team. */
export const reply = (id: string, text: string, note: boolean) =>
  execute(id, '/reply', note ? { text, private: true } : { text });
