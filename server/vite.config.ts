/**
 * The server as `npm run serve` and `npm start` run it, and the operator's commands, in `server/dist/`: this repository's modules in a few files, all
 * packages in one. Loading six hundred files one by one, and stripping the types of two hundred, is what made a start
 * slow; see `docs/decisions/built-server.md`.
 */
import { defineConfig, type Plugin } from 'vite';

const PACKAGES = 'packages';

/**
 * Stays a package that Node.js loads by itself:
 * - better-sqlite3 is a compiled library with the JavaScript that looks for it beside itself;
 * - @react-email/render is not installed, nor needed: Resend's SDK asks for it only where an email is given as React.
 *
 * swagger-ui-dist is no module of the server; its files are read, see `src/files.ts`.
 */
const EXTERNAL = ['better-sqlite3', '@react-email/render'];

/**
 * Node.js reads a file's map when it loads the file, and that of all packages would take longer than it saves: their
 * lines in a stack trace name the built file, with the names of the functions. Ours name the source.
 */
const noMapOfPackages: Plugin = {
  name: 'no-map-of-packages',
  generateBundle(_options, bundle) {
    const file = bundle[`${PACKAGES}.js`];
    if (file?.type !== 'chunk') throw new Error(`The build has no ${PACKAGES}.js any more.`);
    file.code = file.code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
    delete bundle[`${PACKAGES}.js.map`];
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [noMapOfPackages],
  ssr: { noExternal: true, external: EXTERNAL },
  build: {
    ssr: true,
    target: 'node22',
    // All files directly in it: `src/files.ts` counts on that.
    outDir: 'dist',
    emptyOutDir: true,
    // Names of functions stay what they are, for stack traces.
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { main: 'src/main.ts', start: 'src/start.ts', cli: 'src/cli/main.ts' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        codeSplitting: { groups: [{ name: PACKAGES, test: /[\\/]node_modules[\\/]/ }] },
        // The source lies beside the build.
        sourcemapExcludeSources: true,
        keepNames: true,
        comments: { legal: true, annotation: false, jsdoc: false },
      },
    },
  },
});
