/**
 * Replies begun and not sent, in localStorage: a click on a toast navigates this tab, and nothing typed may be
 * lost by it. One item per agent and conversation, so that two agents at one computer never see each other's.
 * Items not touched for 30 days are removed.
 */
const PREFIX = 'converso.draft:';
const KEEP_MS = 30 * 24 * 60 * 60_000;

export interface Draft {
  text: string;
  /** A note for the team instead of a reply. */
  private: boolean;
}

/** Whose drafts: ids are unique only within a business. */
export interface Author {
  businessId: string;
  agentId: string;
}

const keyOf = (author: Author, conversationId: string) =>
  PREFIX + [author.businessId, author.agentId, conversationId].map(encodeURIComponent).join('/');

function parse(stored: string | null): (Draft & { at: number }) | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value !== 'object' || value === null) return null;
    const { text, private: note, at } = value as Record<string, unknown>;
    return typeof text === 'string' && typeof at === 'number' ? { text, private: note === true, at } : null;
  } catch {
    // Somebody else wrote here, or an older version did: not a draft.
    return null;
  }
}

export function readDraft(author: Author, conversationId: string): Draft {
  const draft = parse(localStorage.getItem(keyOf(author, conversationId)));
  return { text: draft?.text ?? '', private: draft?.private ?? false };
}

/** An empty text removes the draft. False if the browser would not keep it (storage full or forbidden). */
export function keepDraft(author: Author, conversationId: string, draft: Draft, now: number): boolean {
  const key = keyOf(author, conversationId);
  try {
    if (draft.text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ ...draft, at: now }));
    return true;
  } catch {
    return false;
  }
}

/** Removes what nobody has touched for 30 days. */
export function pruneDrafts(now: number): void {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  for (const key of keys) {
    if (!key?.startsWith(PREFIX)) continue;
    const draft = parse(localStorage.getItem(key));
    if (!draft || now - draft.at > KEEP_MS) localStorage.removeItem(key);
  }
}
