import fc from 'fast-check';

/** One seed for all random cases of a run; the root's vitest.config.ts chooses it, and every failure names it. */
if (process.env.SEED) fc.configureGlobal({ seed: Number(process.env.SEED) });
