import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface StayAtEnd {
  /** What scrolls, or holds what scrolls with the page. */
  box: RefObject<HTMLDivElement | null>;
  /** An element after the last message. */
  end: RefObject<HTMLDivElement | null>;
  /** Something came while the agent was reading further up. */
  behind: boolean;
  toEnd(): void;
}

/**
 * Keeps the newest message in view, unless the agent has scrolled up to read; then nothing moves under their
 * eyes. `length` is the number of entries.
 */
export function useStayAtEnd(length: number): StayAtEnd {
  const box = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(false);
  const toEnd = () => end.current?.scrollIntoView({ block: 'end' });

  useLayoutEffect(() => {
    if (!box.current || !end.current) return;
    // The last line may be half hidden and still count as the end.
    const seen = new IntersectionObserver(
      ([entry]) => {
        atEnd.current = entry?.isIntersecting ?? true;
        if (atEnd.current) setBehind(false);
      },
      { root: box.current, rootMargin: '0px 0px 48px 0px' },
    );
    // A reply box that grows takes room from below.
    const resized = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    seen.observe(end.current);
    resized.observe(box.current);
    return () => {
      seen.disconnect();
      resized.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setBehind(true);
  }, [length]);

  return { box, end, behind, toEnd };
}
