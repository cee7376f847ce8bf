/** What an administrator sets by policy. */
export interface ServerPolicy {
  /** Origin of the server. */
  server?: string;
  /** True: the agent cannot choose another one. */
  lockServer?: boolean;
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

/** Whether the administrator's policy lets an agent sign in at this server. */
export const isServerAllowed = (policy: ServerPolicy, origin: string): boolean =>
  !policy.lockServer || !policy.server || serverOrigin(policy.server) === origin;
