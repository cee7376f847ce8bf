import type { Preferences } from '@converso/shared';
import { useState } from 'preact/hooks';
import { sendMessage } from '../../messages.ts';

/**
 * The agent's preferences as the switches show them: a change is shown at once, and taken back if the server
 * does not take it. Whatever the server stores next wins, whichever device it came from.
 */
export function usePreferences(
  stored: Preferences | null,
  request: (send: () => Promise<unknown>) => Promise<boolean>,
) {
  const known = JSON.stringify(stored);
  const [wanted, setWanted] = useState<{ over: string; patch: Partial<Preferences> }>({ over: known, patch: {} });
  const set = async (patch: Partial<Preferences>) => {
    setWanted((before) => ({ over: known, patch: before.over === known ? { ...before.patch, ...patch } : patch }));
    if (!(await request(() => sendMessage('setPreferences', patch)))) setWanted({ over: known, patch: {} });
  };
  return { preferences: stored && (wanted.over === known ? { ...stored, ...wanted.patch } : stored), set };
}
