import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const MOVES: Record<string, (index: number, length: number) => number> = {
  ArrowDown: (index, length) => (index + 1) % length,
  ArrowUp: (index, length) => (index <= 0 ? length : index) - 1,
  Home: () => 0,
  End: (_, length) => length - 1,
};

export interface PopoverState {
  open: boolean;
  toggle(): void;
  /** Closes, and the keyboard is back at the button. */
  close(): void;
  /** Holds button and panel. */
  box: RefObject<HTMLDivElement | null>;
  button: RefObject<HTMLButtonElement | null>;
}

/**
 * What opens under a button has the keyboard; Escape, a click elsewhere and tabbing away close it. In a `menu`
 * the first item has the keyboard, and the arrow keys, Home and End move.
 */
export function usePopover(menu: boolean): PopoverState {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  // Before the next key can arrive: it belongs to what has just opened.
  useLayoutEffect(() => {
    const place = box.current;
    if (!open || !place) return;
    const items = menu ? [...place.querySelectorAll<HTMLElement>('[role="menuitem"]')] : [];
    (items[0] ?? place.querySelector<HTMLElement>('[role="dialog"]'))?.focus();
    const leave = (target: EventTarget | null) => {
      if (target instanceof Node && !place.contains(target)) setOpen(false);
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('pointerdown', ({ target }) => leave(target), { signal });
    place.addEventListener('focusout', ({ relatedTarget }) => leave(relatedTarget), { signal });
    place.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
        const next = MOVES[event.key]?.(items.indexOf(document.activeElement as HTMLElement), items.length);
        if (next === undefined || items.length === 0) return;
        event.preventDefault();
        items[next]?.focus();
      },
      { signal },
    );
    return () => listening.abort();
  }, [open, menu]);

  return { open, toggle: () => setOpen(!open), close, box, button };
}
