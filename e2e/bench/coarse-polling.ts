/** Milliseconds, by which an arrival may be noted too late. */
const PAUSE_MS = 0.5;
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Lets this process look at its sockets only every half a millisecond while `work` is under way. Otherwise it is woken
 * for every single delivery, which costs it, and the server that wakes it, more than the delivery itself; so this
 * is for thousands of deliveries a second, of which half a millisecond is no part of what is asked.
 */
export async function coarsePolling<Result>(work: () => Promise<Result>): Promise<Result> {
  let over = false;
  const pause = (): void => {
    if (over) return;
    Atomics.wait(never, 0, 0, PAUSE_MS);
    setImmediate(pause);
  };
  setImmediate(pause);
  try {
    return await work();
  } finally {
    over = true;
  }
}
