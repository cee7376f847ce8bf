import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/wait-for.ts';

/** What waits, kills or moves clocks for long: `npm run test:slow`. */
export default defineConfig({
  test: {
    name: 'slow',
    include: ['**/*.slow.test.ts'],
    globalSetup: './support/global-setup.ts',
    // No module here keeps state between tests, so files share a worker and what it has loaded.
    isolate: false,
    // A second, as is usual, is too short on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
