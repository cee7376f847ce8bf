import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './support/wait-for.ts';

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['journeys/**/*.test.ts'],
    globalSetup: './support/global-setup.ts',
    // A second, as is usual, is too short for a browser on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
