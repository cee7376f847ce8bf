import fc from 'fast-check';

/** One seed for all random cases of a run; vitest.config.ts chooses it, and every failure names it. */
fc.configureGlobal({ seed: Number(process.env.SEED) });
