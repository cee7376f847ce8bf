import { defineConfig } from 'vitest/config';
import { FailureReporter } from './e2e/support/failure-reporter.ts';
import { SEED } from './e2e/support/random.ts';

// Every process of the run takes it from here.
process.env.SEED = String(SEED);

export default defineConfig({
  test: {
    projects: [
      'shared',
      'server',
      'extension',
      'e2e/vitest.proofs.config.ts',
      'e2e/vitest.config.ts',
      'e2e/vitest.slow.config.ts',
    ],
    // The JSON report is for `.ci/run`, which counts from it.
    reporters: ['default', 'json', new FailureReporter(process.env.SEED)],
    outputFile: { json: '.output/tests.json' },
  },
});
