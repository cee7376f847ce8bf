/** Which conversation the address names. The address is the only place that holds it. */
import { signal } from '@preact/signals';

const BASE = '/inbox';

/** The conversation's id in `/inbox/{id}`, or null. A path that is not well encoded is taken literally. */
export function conversationIn(pathname: string): string | null {
  const rest = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length + 1) : '';
  if (rest === '') return null;
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}

export const pathOf = (conversationId: string | null): string =>
  conversationId === null ? BASE : `${BASE}/${encodeURIComponent(conversationId)}`;

/** The conversation in view, or null. */
export const openId = signal<string | null>(null);

/** Goes to a conversation, or to the list alone; the back button returns. */
export function go(conversationId: string | null): void {
  if (conversationId === openId.value) return;
  history.pushState(null, '', pathOf(conversationId));
  openId.value = conversationId;
}

/** Follows the address from now on. Returns the way to stop. */
export function followAddress(): () => void {
  const follow = () => {
    openId.value = conversationIn(location.pathname);
  };
  follow();
  addEventListener('popstate', follow);
  return () => removeEventListener('popstate', follow);
}
