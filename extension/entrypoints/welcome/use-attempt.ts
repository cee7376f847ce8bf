import { useState } from 'preact/hooks';
import type { Result } from '../../messages.ts';

/** One request at a time: whether it is under way, and how to send it. A worker that cannot be reached is a failure too. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  async function attempt<Value>(send: () => Promise<Result<Value>>): Promise<Result<Value>> {
    setBusy(true);
    try {
      return await send();
    } catch (error) {
      return { ok: false, error: 'failed', detail: error instanceof Error ? error.message : String(error) };
    } finally {
      setBusy(false);
    }
  }
  return { busy, attempt };
}
