import { useEffect } from 'preact/hooks';

/** While `active`, Escape does `act` instead of what Chrome would do: close the whole popup. */
export function useEscape(active: boolean, act: () => void) {
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [active, act]);
}
