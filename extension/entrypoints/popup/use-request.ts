import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { Result } from '../../messages.ts';
import { failureText } from './failure-text.ts';

type Answer = Result | undefined;

/**
 * Sends requests to the worker and keeps, in words, why the last one failed. A message that finds no worker at
 * all (it is being updated, say) counts as failed too.
 */
export function useRequest() {
  const [trouble, setTrouble] = useState<string>();
  /** True when it worked. */
  const request = async (send: () => Promise<unknown>): Promise<boolean> => {
    setTrouble(undefined);
    try {
      const answer = (await send()) as Answer;
      if (!answer || answer.ok) return true;
      setTrouble(failureText(answer));
    } catch (error) {
      console.error(error);
      setTrouble(i18n.t('popup.failure.failed'));
    }
    return false;
  };
  return { trouble, request };
}
