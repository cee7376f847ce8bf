/**
 * What `npm run NAME` does: package.json calls `tools/pnpmw.mjs --task NAME`, which installs what is missing and then
 * runs the steps of the task, one after another, until one fails.
 *
 * A step is a command line. `node` in front is the Node.js that "engines" allows, `pnpm` the pinned one. Words of the
 * form NAME=value before it are environment variables, unless the caller has set them. What follows `npm run NAME --`
 * is added to the last step. A step that is a list has command lines that run at the same time; each says how long it
 * took, and the output of those that fail is shown.
 */
const BUILD = 'pnpm --filter @converso/extension --filter @converso/server run build';
const VITEST = 'pnpm exec vitest run --maxWorkers=100%';
/** How the built server runs, everywhere. */
const SERVER = 'node --enable-source-maps --max-semi-space-size=16';
const proof = (name) => `node e2e/proofs/main.ts ${name}`;

/** @type {Record<string, (string | string[])[]>} */
export const TASKS = {
  start: [BUILD, `${SERVER} server/dist/start.js`],
  serve: [`${SERVER} tools/serve.mjs`],
  cli: ['node --enable-source-maps tools/cli.mjs'],
  build: [BUILD],
  zip: ['pnpm --filter @converso/extension run zip'],

  // Lint, types and build need the processors and the browser's installation the network, so they share the time.
  test: [
    ['node e2e/support/install-programs.ts browser', 'pnpm run check', 'pnpm run typecheck', BUILD],
    `${VITEST} --project=!slow`,
  ],
  'test:slow': [
    ['node e2e/support/install-programs.ts browser faketime', BUILD],
    `${VITEST} --project=slow --outputFile.json=.output/tests-slow.json`,
  ],
  'test:repeat': [['node e2e/support/install-programs.ts browser', BUILD], 'node e2e/support/repeat.ts'],

  bench: [BUILD, 'node e2e/bench/main.ts'],
  pictures: [BUILD, 'pnpm --filter @converso/e2e run pictures'],
  model: ['STORIES=1000 pnpm exec vitest run --project proofs proofs/model'],
  chaos: [proof('chaos')],
  soak: [proof('soak')],
  pressure: [proof('pressure')],
  'reconnect-storm': [proof('reconnect-storm')],
  disk: [proof('disk')],
  'restore-proof': [proof('restore')],
  'kill-test': ['KILL_TEST=full pnpm exec vitest run --project slow kill.slow'],
  audit: ['node tools/audit.mjs'],
};

/** Tasks whose standard output belongs to other programs: the installation says nothing unless it fails. */
export const QUIET = new Set(['cli']);

/**
 * Tasks that have to be quick: the package manager is asked only where an installation is missing or older than what
 * says what belongs to it. It takes a second to find that nothing is to be done.
 */
export const QUICK = new Set(['cli', 'serve']);
