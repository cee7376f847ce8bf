import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/**/*.test.ts'],
    globalSetup: './src/global-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
