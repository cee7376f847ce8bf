import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const STEPS: Record<string, 1 | -1> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Where letters are text, or belong to what is open. */
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]';

/**
 * j and k move through the list from wherever the keyboard is, the arrows only where they scroll nothing else;
 * Enter opens. They begin at the open conversation, or at the first.
 */
export function useListKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target instanceof Element ? event.target : document.body;
      if (at.closest(OWN_KEYS)) return;
      if (event.key.startsWith('Arrow') && at !== document.body && !list.current?.contains(at)) return;
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
