import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { AppDeps } from '../../deps.ts';
import { tooMany } from './rate-limit.ts';

/** Wrong codes on this server in 15 minutes: far more than people mistype, and a million codes are far from tried out. */
const CEILING = { points: 200, duration: 15 * 60 };
const ALL = 'all';

export interface GuessCeiling {
  /** @throws the 429 while the ceiling is reached */
  check(): Promise<void>;
  /** Counts a wrong code. */
  wrong(): Promise<void>;
}

/**
 * Bounds how many codes can be tried on the whole server, whichever addresses, clients and challenges they are spread
 * over. Reaching it is an attack, so it says so: one line in the log and a metric that stays for as long as it holds.
 */
export function guessCeiling({ log, metrics }: Pick<AppDeps, 'log' | 'metrics'>): GuessCeiling {
  const guesses = new RateLimiterMemory(CEILING);

  return {
    async check() {
      const state = await guesses.get(ALL);
      const reached = state !== null && state.consumedPoints >= CEILING.points && state.msBeforeNext > 0;
      if (reached) throw tooMany(state.msBeforeNext);
    },
    async wrong() {
      metrics.wrongCodes.inc();
      const { consumedPoints, msBeforeNext } = await guesses.penalty(ALL, 1);
      if (consumedPoints !== CEILING.points) return;
      metrics.signInCeilingReached.inc();
      log.error(
        { wrongCodes: consumedPoints, seconds: Math.ceil(msBeforeNext / 1000) },
        'sign-in is refused for everybody: somebody tries out codes',
      );
    },
  };
}
