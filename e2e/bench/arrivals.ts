import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../support/figures.ts';

const SECOND_COPY_MS = 30;

/** Which events are to arrive on which streams, and when they did. */
export interface Expected {
  /** The number of the first event, and how many follow it one by one. */
  first: number;
  events: number;
  /** Streams of a team; event `first + k` goes to team `k % teams`. */
  size: number;
  teams: number;
}

/**
 * Keeps, for each event and each stream of its team, the milliseconds from the moment it was sent to its arrival.
 * What comes twice, or to whom it was not meant for, is counted as wrong.
 */
export class Arrivals {
  readonly sentAt: Float64Array;
  readonly #expected: Expected;
  readonly #after: Float32Array;
  #arrived = 0;
  #wrong = 0;
  readonly #all = Promise.withResolvers<void>();

  constructor(expected: Expected) {
    this.#expected = expected;
    this.sentAt = new Float64Array(expected.events);
    this.#after = new Float32Array(expected.events * expected.size).fill(-1);
  }

  /** @param stream its number; `at` is of the clock that `sentAt` was taken from */
  note(n: number, stream: number, at: number): void {
    const { first, events, size, teams } = this.#expected;
    const k = n - first;
    const team = Math.floor(stream / size);
    const place = k * size + (stream % size);
    if (k < 0 || k >= events || k % teams !== team || this.#after[place]! >= 0) {
      this.#wrong += 1;
      return;
    }
    this.#after[place] = Math.max(0, at - this.sentAt[k]!);
    this.#arrived += 1;
    if (this.#arrived === this.#after.length) this.#all.resolve();
  }

  /** Resolves when all have come; rejects after `timeoutMs`, or where something came twice or to the wrong stream. */
  async all(timeoutMs: number): Promise<void> {
    const late = setTimeout(() => this.#all.resolve(), timeoutMs);
    await this.#all.promise;
    clearTimeout(late);
    const missing = this.#after.length - this.#arrived;
    if (missing > 0) throw new Error(`${missing} of ${this.#after.length} arrivals are missing after ${timeoutMs} ms`);
    // A second copy would come right behind the first; there is nothing to await for what should not come.
    await delay(SECOND_COPY_MS);
    if (this.#wrong > 0) throw new Error(`${this.#wrong} events came twice, or to a stream they were not for`);
  }

  /** Milliseconds below which a share of all arrivals lies. */
  percentile(share: number): number {
    return percentile(this.#after, share);
  }

  /** For each event, the milliseconds until its last arrival. */
  lasts(): number[] {
    const { events, size } = this.#expected;
    const ofEvent = (k: number) => this.#after.subarray(k * size, (k + 1) * size);
    return Array.from({ length: events }, (_, k) => ofEvent(k).reduce((most, value) => Math.max(most, value)));
  }
}
