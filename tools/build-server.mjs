// Builds what `npm run serve` and `npm run cli` run, the inbox page with it, unless both are newer than all that they are made of:
// devices wait for a server that restarts, and it should not be for a build of what has not changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = ['server/dist/main.js', 'server/dist/cli.js', 'server/inbox/dist/index.html'];
const MADE_OF = [
  'server/src',
  'server/vite.config.ts',
  'server/package.json',
  'server/inbox/src',
  'server/inbox/index.html',
  'server/inbox/vite.config.ts',
  'shared/src',
  'shared/package.json',
  // A package that was updated.
  'pnpm-lock.yaml',
];

/** When something in a file or folder was last changed, milliseconds since 1970. A folder changes as files come and go. */
function lastChange(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => lastChange(join(path, name))));
}

/** Whether the build below this folder is missing or older than something that it is made of. */
export function isStale(root) {
  const built = BUILT.map((file) => join(root, file));
  if (!built.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...built.map(lastChange));
  return MADE_OF.some((path) => lastChange(join(root, path)) >= oldest);
}

/** Builds what is stale; ends the process where that fails. What the build says goes to standard error: commands print JSON. */
export function buildIfStale(root) {
  if (!isStale(root)) return;
  const pnpm = [join(root, 'tools/pnpmw.mjs'), '--filter', '@converso/server', 'run', 'build'];
  const { status } = spawnSync(process.execPath, pnpm, { cwd: root, stdio: ['inherit', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
