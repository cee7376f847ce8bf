import type { Figures } from './load.ts';

/** Events per second. Four steps double it, so one is 19 % above the one before, and reach 16,000. */
const RATES = Array.from({ length: 29 }, (_, step) => Math.round(125 * 2 ** (step / 4)));
const COARSE = 4;
/** The 99th percentile must stay below this many milliseconds. */
const WITHIN_MS = 100;

/**
 * The highest rate that is held: doubled until one is not, then searched between the two. A rate that fails is tried
 * once more, the lowest thrice more, for on a machine that others use too a single hiccup would decide.
 * @returns `rate` (0 if not even the lowest is held), the figures of its run, and `clientAtLimit`, the load client's
 *   share of its processor at the lowest rate that was not held
 */
export async function highestRate(run: (rate: number) => Promise<Figures>): Promise<Figures> {
  let best: Figures = { rate: 0 };
  let clientAtLimit = Number.NaN;
  let held = -1;
  let failed = RATES.length;
  const holds = async (step: number): Promise<boolean> => {
    const rate = RATES[step]!;
    for (let attempt = 0; attempt < (held < 0 ? 4 : 2); attempt += 1) {
      const figures = await run(rate);
      if (figures.p99! < WITHIN_MS) {
        best = { rate, ...figures };
        return true;
      }
      clientAtLimit = figures.client!;
    }
    return false;
  };

  for (let step = 0; step < RATES.length; step += COARSE) {
    if (!(await holds(step))) {
      failed = step;
      break;
    }
    held = step;
  }
  while (failed - held > 1 && held >= 0) {
    const middle = Math.floor((held + failed) / 2);
    if (await holds(middle)) held = middle;
    else failed = middle;
  }
  return { ...best, clientAtLimit };
}
