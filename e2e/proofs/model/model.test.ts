import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { story } from './commands.ts';
import { Office } from './office.ts';
import { openStage, openWorld, type Stage } from './world.ts';

/** `npm run model` runs more of them. */
const STORIES = Number(process.env.STORIES ?? 12);
const DEADLINE_MS = 60_000 + STORIES * 3_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
});

test(
  'whatever happens, in whatever order it arrives, every device has what a fresh snapshot says, and that is what the rules say',
  async () => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(story, async (commands) => {
        const office = new Office();
        const world = await openWorld(stage, office);
        try {
          await fc.asyncModelRun(() => ({ model: office, real: world }), commands);
          steps += world.sent.length;
        } finally {
          world.close();
        }
      }),
      { numRuns: STORIES, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) },
    );
    expect(steps).toBeGreaterThan(STORIES);
  },
  DEADLINE_MS,
);
