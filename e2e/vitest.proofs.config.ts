import { defineConfig } from 'vitest/config';

/** What needs a server and no browser, and so no build of the extension. */
export default defineConfig({
  test: { name: 'proofs', include: ['proofs/**/*.test.ts', 'bench/**/*.test.ts'] },
});
