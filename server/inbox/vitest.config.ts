import { defineConfig } from 'vitest/config';

/** The inbox page in a simulated browser, whose globals each file needs for itself. */
export default defineConfig({
  test: { name: 'inbox', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 60_000, hookTimeout: 60_000 },
});
