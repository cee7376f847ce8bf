import { useEffect, useState } from 'preact/hooks';

/** The time (epoch milliseconds), updated every `every` milliseconds, so that ages grow while the page is open. */
export function useNow(every: number): number {
  const [now, set] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
