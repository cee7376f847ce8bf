import type { Store } from '../ports/store.ts';
import type { Caller } from '../ports/types.ts';
import { inboxesOf } from './inboxes.ts';
import type { Sources } from './plugged.ts';

export interface DealtWithDeps {
  store: Pick<Store, 'me' | 'conversation'>;
  sources: Sources;
  config: { canTake: boolean };
}

/** Whether acts in a conversation belong to another inbox, which would never hear of what is done here. */
export async function isDealtWithElsewhere(
  { store, sources, config }: DealtWithDeps,
  caller: Caller,
  conversationId: string,
): Promise<boolean> {
  if (!config.canTake) return true;
  const inboxes = inboxesOf(sources, (await store.me(caller)).sources);
  if (inboxes.length === 0) return false;
  const source = (await store.conversation(caller, conversationId))?.source;
  return inboxes.some((inbox) => inbox.source === source && !inbox.canTake);
}
