import { useEffect } from 'preact/hooks';

/** What each key does, wherever in the page the focus is. */
export function useKeys(keys: Record<string, ((event: KeyboardEvent) => void) | undefined>) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => keys[event.key]?.(event);
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}
