import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../ports/types.ts';

/** Lets time pass; ends early when `signal` aborts. */
export type Wait = (ms: Millis, signal: AbortSignal) => Promise<void>;

/** An aborted wait only means that we are closing, which whoever waits looks at. */
export const letPass: Wait = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);
