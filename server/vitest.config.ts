import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'server',
    include: ['test/**/*.test.{ts,tsx}', 'src/**/*.test.ts'],
    setupFiles: './test/setup.ts',
    // No module here keeps state between tests, so files share a worker and what it has loaded.
    isolate: false,
    // A second and five, as are usual, are too short on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
