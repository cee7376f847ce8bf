import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/wait-for.ts';

/** What needs a server and no browser, and so no build. */
export default defineConfig({
  test: {
    name: 'proofs',
    include: ['proofs/**/*.test.ts', 'bench/**/*.test.ts', 'support/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts'],
    // No module here keeps state between tests, so files share a worker and what it has loaded.
    isolate: false,
    // A second, as is usual, is too short on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
