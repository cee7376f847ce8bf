import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenario } from './commands.ts';
import { Model } from './model.ts';
import { type Harness, openHarness, openRealSystem } from './real-system.ts';

/** `npm run model` runs more of them. */
const STORIES = Number(process.env.STORIES ?? 12);
const DEADLINE_MS = 60_000 + STORIES * 3_000;

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(async () => {
  await harness.close();
});

test(
  'whatever happens, in whatever order it arrives, every device has what a fresh snapshot says, and that is what the rules say',
  async () => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async (commands) => {
        const model = new Model();
        const real = await openRealSystem(harness, model);
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          steps += real.sent.length;
        } finally {
          real.close();
        }
      }),
      { numRuns: STORIES, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) },
    );
    expect(steps).toBeGreaterThan(STORIES);
  },
  DEADLINE_MS,
);
