/**
 * The signing secrets that events are checked with, remembered for a moment: every event asks for them. Keeps those of
 * businesses that exist. A secret that another process has just set is found at once, by reading again before
 * a signature is refused; one that has just run out may hold a moment longer.
 */

import type { Store } from '../../ports/store.ts';
import type { Clock, Millis } from '../../ports/types.ts';

const REMEMBERED: Millis = 1000;

export interface Secrets {
  /** Newest first; empty for an unknown business. */
  of(businessId: string): Promise<readonly string[]>;
  /** The same, read now. */
  refresh(businessId: string): Promise<readonly string[]>;
}

export function cachedSecrets(store: Pick<Store, 'signingSecrets'>, clock: Clock): Secrets {
  const remembered = new Map<string, { secrets: readonly string[]; readAt: Millis }>();

  async function refresh(businessId: string): Promise<readonly string[]> {
    const readAt = clock.now();
    const secrets = await store.signingSecrets(businessId, readAt);
    if (secrets.length > 0) remembered.set(businessId, { secrets, readAt });
    return secrets;
  }

  return {
    refresh,
    async of(businessId) {
      const known = remembered.get(businessId);
      const isFresh = known !== undefined && Math.abs(clock.now() - known.readAt) < REMEMBERED;
      return isFresh ? known.secrets : refresh(businessId);
    },
  };
}
