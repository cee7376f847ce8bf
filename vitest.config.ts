import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Waits for minutes and does nothing meanwhile: begun first, it costs no time, begun last it costs all of it. */
const THE_ONE_THAT_WAITS = 'e2e/journeys/undebugged.test.ts';

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => moduleId.endsWith(THE_ONE_THAT_WAITS);
    const others = await super.sort(files.filter((file) => !waits(file)));
    return [...files.filter(waits), ...others];
  }
}

export default defineConfig({
  test: {
    projects: ['shared', 'server', 'extension', 'e2e/vitest.config.ts', 'e2e/vitest.proofs.config.ts'],
    sequence: { sequencer: WaitingFirst },
    // The report is for `.ci/run`, which counts from it.
    reporters: ['default', ['json', { outputFile: '.output/tests.json' }]],
  },
});
