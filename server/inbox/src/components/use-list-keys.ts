import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const STEPS: Record<string, 1 | -1> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Where letters are text, and where arrows already mean something. */
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="log"]';

/**
 * j and k, or the arrows, move through the list from wherever the keyboard is, Enter opens: they begin at the
 * open conversation, or at the first.
 */
export function useListKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('a.row') ?? [])];
      if (rows.length === 0) return;
      const focused = rows.indexOf(document.activeElement as HTMLElement);
      const open = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
      const next = focused >= 0 ? focused + step : open >= 0 ? open + step : 0;
      rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, []);
}
