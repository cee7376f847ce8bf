import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/**
 * The server answers `/inbox/<path>` with `dist/<path>` where such a file exists, else with `dist/index.html`.
 * Conversation ids are the sender's, so a directory called `assets` could be one; `_assets` with a hashed file
 * below it cannot, because an id's slash arrives encoded.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/inbox/',
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: '_assets',
    // The content security policy allows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
