import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/wait-for.ts';

/** What an agent does with the built extension and server, in a real browser. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['journeys/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts'],
    globalSetup: './support/global-setup.ts',
    // No module here keeps state between tests, so files share a worker and what it has loaded.
    isolate: false,
    // A second, as is usual, is too short on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
