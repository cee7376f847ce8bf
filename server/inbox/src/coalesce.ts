/**
 * Turns many calls into few runs: a call starts a run `delay` milliseconds later, calls until then join it, and
 * calls while it is under way lead to exactly one more. So a burst of events costs one request, never two at once,
 * and the last event is always followed by a run that began after it.
 */
export function coalesce(run: () => Promise<void>, delay: number): () => void {
  let state: 'idle' | 'due' | 'running' | 'again' = 'idle';
  const begin = () => {
    state = 'due';
    setTimeout(async () => {
      state = 'running';
      try {
        await run();
      } finally {
        if ((state as string) === 'again') begin();
        else state = 'idle';
      }
    }, delay);
  };
  return () => {
    if (state === 'idle') begin();
    else if (state === 'running') state = 'again';
  };
}
