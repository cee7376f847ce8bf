import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './src/until.ts';

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/**/*.test.ts'],
    globalSetup: './src/global-setup.ts',
    // A second, as is usual, is too short for a browser on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
