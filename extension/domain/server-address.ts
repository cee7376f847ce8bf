/** What an administrator sets by policy. */
export interface ServerPolicy {
  /** Origin of the server. */
  server?: string;
  /** True: the agent cannot choose another one, and a session at another one ends. */
  lockServer?: boolean;
  /** True: plain http is allowed beyond this machine and private addresses. */
  allowHttp?: boolean;
  /** Origins of inboxes that may be opened without the agent's own permission. */
  inboxOrigins?: string[];
}

const LOOPBACK = /^(localhost|127\.|\[::1\])/i;

/**
 * The origin of what a person typed as the server's address; null if it is none. Without a scheme it is
 * taken as https, or as http on this very machine.
 */
export const serverOrigin = (typed: string): string | null => {
  const text = typed.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : `${LOOPBACK.test(text) ? 'http' : 'https'}://${text}`;
  if (text === '' || !URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : null;
};

/** This machine, and addresses that no packet from the internet reaches (RFC 1918, 3927, 4193, 4291). */
const PRIVATE_HOST =
  /^(localhost|.+\.localhost|127\..+|10\..+|192\.168\..+|169\.254\..+|172\.(1[6-9]|2\d|3[01])\..+|\[::1\]|\[f[cd].*\]|\[fe[89ab].*\])$/;

const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[.*\]|.*localhost)$/;

/** Whether what is said to this origin may be read on its way: plain http beyond this machine and private addresses. */
export const isExposed = (origin: string): boolean => {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !(ADDRESS.test(hostname) && PRIVATE_HOST.test(hostname));
};

/** Why an agent may not be signed in at this server; null if nothing stands against it. */
export const serverRefusal = (policy: ServerPolicy, origin: string): 'locked' | 'plain_http' | null => {
  const set = policy.server ? serverOrigin(policy.server) : null;
  if (policy.lockServer && policy.server && set !== origin) return 'locked';
  // A policy that names the server by http says so.
  return isExposed(origin) && !policy.allowHttp && set !== origin ? 'plain_http' : null;
};
