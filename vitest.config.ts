import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { FailureReporter } from './e2e/support/failure-reporter.ts';
import { SEED } from './e2e/support/random.ts';

// Every process of the run takes it from here.
process.env.SEED = String(SEED);

/** Waits for minutes and does nothing meanwhile: first, it costs no time; last, it costs all of it. */
const WAITS = 'e2e/journeys/undebugged.slow.test.ts';

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => moduleId.endsWith(WAITS);
    return [...files.filter(waits), ...(await super.sort(files.filter((file) => !waits(file))))];
  }
}

export default defineConfig({
  test: {
    projects: [
      'shared',
      'server',
      'server/inbox',
      'extension',
      'e2e/vitest.proofs.config.ts',
      'e2e/vitest.config.ts',
      'e2e/vitest.slow.config.ts',
    ],
    sequence: { sequencer: WaitingFirst },
    // The JSON report is for `.ci/run`, which counts from it.
    reporters: ['default', 'json', new FailureReporter(process.env.SEED)],
    outputFile: { json: '.output/tests.json' },
  },
});
