/** The time that ages are told by, and whether somebody is looking. */
import { signal } from '@preact/signals';

const TICK_MS = 15_000;
/** A tick this late means that the computer slept: its connections may be dead without saying so. */
const SLEPT_MS = 60_000;

/** Epoch milliseconds; moves every 15 s. */
export const now = signal(Date.now());
/** The tab is the one its window shows. */
export const visible = signal(document.visibilityState === 'visible');
/** The tab is visible and the person's keyboard is in it: its window is in front. */
export const attended = signal(visible.value && document.hasFocus());

/** Keeps the signals true. `onWake` is called after a sleep. Returns the way to stop. */
export function watchTime(onWake: () => void): () => void {
  const look = () => {
    visible.value = document.visibilityState === 'visible';
    attended.value = visible.value && document.hasFocus();
    now.value = Date.now();
  };
  const tick = () => {
    const late = Date.now() - now.value - TICK_MS;
    look();
    if (late > SLEPT_MS) onWake();
  };
  const timer = setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  addEventListener('blur', look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
    removeEventListener('focus', look);
    removeEventListener('blur', look);
  };
}
