import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['shared', 'server', 'extension', 'e2e'],
    // The report is for `.ci/run`, which counts from it.
    reporters: ['default', ['json', { outputFile: '.output/tests.json' }]],
  },
});
