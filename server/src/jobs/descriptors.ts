import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

const EVERY_MS = 1000;

/** Whether the process, or the whole machine, has no file descriptor left. */
function isOutOfDescriptors(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Any other failure says nothing about descriptors.
    return code === 'EMFILE' || code === 'ENFILE';
  }
}

/**
 * Tries every second whether a file can be opened. Nothing else tells: without a descriptor Node.js closes each new
 * connection at once and reports no error (libuv, `uv__emfile_trick`).
 * @returns ends it
 */
export function startDescriptorWatch(log: Log, metrics: Pick<Metrics, 'outOfDescriptors'>): () => void {
  let wasOut = false;
  const timer = setInterval(() => {
    const isOut = isOutOfDescriptors();
    if (isOut) metrics.outOfDescriptors.inc();
    if (isOut && !wasOut) log.error('no file descriptor is left; new connections are closed');
    if (!isOut && wasOut) log.warn('file descriptors are free again');
    wasOut = isOut;
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
