import type { Me } from '@converso/shared';

export interface Inbox extends Pick<Me['inbox'], 'url' | 'conversationUrl'> {
  /** Every form of a conversation's address, if there are several; `*` is any one path segment. */
  conversationUrls?: string[];
}

const PLACE = '{conversationId}';
const ANY = '*';
/** Stands in for the id while the template is parsed; no URL part changes it. */
const STAND_IN = 'conversation-id-goes-here';

/** Where a conversation opens. */
export const conversationUrl = (inbox: Inbox, conversationId: string): string =>
  inbox.conversationUrl.replaceAll(PLACE, encodeURIComponent(conversationId.toWellFormed()));

/** What the server names as an address may be none. */
const parsed = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null);

const withoutTrailingSlash = (path: string): string => path.replace(/\/+$/, '');
const samePath = (a: URL, b: URL): boolean => withoutTrailingSlash(a.pathname) === withoutTrailingSlash(b.pathname);

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text) || null;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
};

/** The id between what stands before and after it, up to the next separator; null if the text has another form. */
const idBetween = (text: string, template: string, separator: RegExp): string | null => {
  const [before = '', after = ''] = template.split(STAND_IN);
  if (!text.startsWith(before)) return null;
  const rest = text.slice(before.length);
  if (after === '') return decoded(rest.split(separator, 1)[0] ?? '');
  const end = rest.indexOf(after);
  return end < 0 || separator.test(rest.slice(0, end)) ? null : decoded(rest.slice(0, end));
};

const idInQuery = (url: URL, template: URL): string | null => {
  let id: string | null = null;
  for (const [name, expected] of template.searchParams) {
    const actual = url.searchParams.get(name);
    if (actual === null) return null;
    if (!expected.includes(STAND_IN)) {
      if (actual !== expected) return null;
      continue;
    }
    const [before = '', after = ''] = expected.split(STAND_IN);
    if (!actual.startsWith(before) || !actual.endsWith(after)) return null;
    id = actual.slice(before.length, actual.length - after.length) || null;
  }
  return id;
};

const formsOf = ({ conversationUrl, conversationUrls }: Inbox): string[] => conversationUrls ?? [conversationUrl];

/** The template's path, with the page's own segments in place of `*`. */
const pathFor = (url: URL, template: URL): string => {
  const parts = url.pathname.split('/');
  return template.pathname
    .split('/')
    .map((part, index) => (part === ANY ? parts[index] || ANY : part))
    .join('/');
};

const idIn = (form: string, url: URL): string | null => {
  const template = parsed(form.replaceAll(PLACE, STAND_IN));
  if (!template || url.origin !== template.origin) return null;
  if (template.pathname.includes(STAND_IN)) return idBetween(url.pathname, pathFor(url, template), /\//);
  if (!samePath(url, template)) return null;
  if (template.search.includes(STAND_IN)) return idInQuery(url, template);
  return template.hash.includes(STAND_IN) ? idBetween(url.hash, template.hash, /[/?&#]/) : null;
};

/** Which conversation a page shows, by path, query or fragment of one of the forms; null if it shows none. */
export const conversationAt = (inbox: Inbox, pageUrl: string | undefined): string | null => {
  if (!pageUrl || !URL.canParse(pageUrl)) return null;
  const url = new URL(pageUrl);
  return formsOf(inbox).reduce<string | null>((id, form) => id ?? idIn(form, url), null);
};

/**
 * Whether a page lists conversations, in an inbox whose conversations have several forms of address: the address of one
 * follows when the end of the first form is added (`/inbox/9` and `/conversations/{conversationId}`).
 */
const isList = (inbox: Inbox, { origin, pathname }: URL): boolean => {
  const parts = inbox.conversationUrls?.[0]?.split('/') ?? [];
  const page = origin + withoutTrailingSlash(pathname);
  return [1, 2].some((count) => conversationAt(inbox, `${page}/${parts.slice(-count).join('/')}`) !== null);
};

/** Whether a page is the inbox: at its URL or below it (query and fragment aside), at a conversation, or at a list. */
export const isInboxPage = (inbox: Inbox, pageUrl: string | undefined): boolean => {
  if (!pageUrl || !URL.canParse(pageUrl)) return false;
  const url = new URL(pageUrl);
  const home = parsed(inbox.url);
  const atHome =
    home !== null &&
    url.origin === home.origin &&
    `${url.pathname}/`.startsWith(`${withoutTrailingSlash(home.pathname)}/`);
  return atHome || conversationAt(inbox, pageUrl) !== null || isList(inbox, url);
};

/**
 * Whether the inbox is the server's own page. That one takes tickets, and says itself which chat was shown.
 *
 * @param server origin where the agent is signed in; undefined where nobody is
 */
export const isBuiltIn = ({ url, conversationUrl: template, canTake }: Me['inbox'], server: string | undefined) =>
  canTake && [url, template].every((address) => parsed(address)?.origin === server);

/** The address of a page of the built-in inbox, which has no query of its own, with a ticket that signs the browser in. */
export const withTicket = (url: string, ticket: string): string => `${url}?ticket=${ticket}`;
