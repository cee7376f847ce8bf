import { createQueue } from './queue.ts';

/**
 * The queue of everything that reads the stored bell in order to change it, together with the toasts that follow from
 * the change. So list, cursor and screen cannot disagree. A task must not wait for another task of this queue: it
 * would wait for itself.
 */
export const bellQueue = createQueue();
