import { isExposed, type ServerPolicy, serverOrigin } from './server-address.ts';

/** Why a page that the server names is not opened. */
export type PageRefusal =
  /** It is no address at all. */
  | 'no_address'
  /** It is no web page: `file:`, `data:`, `chrome:` and the like. */
  | 'not_web'
  /** What is said there may be read on its way, and no policy allows it. */
  | 'plain_http'
  /** Neither the server itself nor a site that the agent or the policy granted. */
  | 'not_granted';

/** The pattern by which a permission covers every page of the URL's host; ports cannot be told apart in one. */
export const patternFor = (url: string): string => {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
};

/**
 * Why a page is not opened; null if it may be. A server's mistake, or a stranger who has taken it over, must not lead an
 * agent to a page of its choice.
 *
 * @param server origin where the agent is signed in
 * @param isGranted whether a match pattern is among the permissions of the extension
 */
export const pageRefusal = async (
  url: string,
  server: string,
  policy: ServerPolicy,
  isGranted: (pattern: string) => Promise<boolean>,
): Promise<PageRefusal | null> => {
  if (!URL.canParse(url)) return 'no_address';
  const { protocol, origin } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'not_web';
  if (origin === server || policy.inboxOrigins?.some((allowed) => serverOrigin(allowed) === origin)) return null;
  if (isExposed(origin) && !policy.allowHttp) return 'plain_http';
  return (await isGranted(patternFor(url))) ? null : 'not_granted';
};
