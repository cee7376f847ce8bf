/** One short sentence at the foot of the page about what just happened; it goes by itself. */
import { signal } from '@preact/signals';
import { ApiError } from './api.ts';

const SHOWN_MS = 7_000;

export const notice = signal<{ text: string; tone: 'plain' | 'problem' } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, tone: 'plain' | 'problem' = 'plain'): void {
  clearTimeout(timer);
  notice.value = { text, tone };
  timer = setTimeout(dismiss, SHOWN_MS);
}

export function dismiss(): void {
  clearTimeout(timer);
  notice.value = null;
}

/** Says why something did not work. A lost session needs no words here: the sign-in appears. */
export function tellProblem(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) return;
  tell(error.status === 0 ? 'No connection to the server. Nothing was changed.' : error.message, 'problem');
}
