import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Failure, Result } from '../../messages.ts';

const failed = (error: unknown): Failure => ({ ok: false, error: 'failed', detail: String(error) });

/** One request at a time: whether it is under way, and how to send it. A worker that cannot be reached is a failure too. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  async function attempt<Value>(send: () => Promise<Result<Value>>): Promise<Result<Value>> {
    setBusy(true);
    try {
      return (await send()) as Result<Value>;
    } catch (error) {
      return failed(error instanceof Error ? error.message : i18n.t('popup.failure.failed'));
    } finally {
      setBusy(false);
    }
  }
  return { busy, attempt };
}
