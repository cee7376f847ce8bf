/**
 * The extension's part of `npm run bench`, a process of its own: `node e2e/bench/main.ts toast|popup|worker [quick]`.
 * Tells its parent the rows, or why they were skipped.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, findDbusDaemon } from '../../support/chromium.ts';
import { EXTENSION_FOLDER } from '../../support/extension-folder.ts';
import type { Row } from '../table.ts';
import { popupRows } from './popup.ts';
import { toastRows } from './toast.ts';
import { workerRows } from './worker.ts';
import type { Workplace } from './workplace.ts';

export type Told = { rows: Row[] } | { skipped: string };

const MEASURES: Record<string, (place: Workplace, quick: boolean) => Promise<Row[]>> = {
  toast: toastRows,
  popup: popupRows,
  worker: workerRows,
};

async function run(name: string, quick: boolean): Promise<Told> {
  const measure = MEASURES[name];
  if (!measure) throw new Error(`There is no ${name}; there are ${Object.keys(MEASURES).join(', ')}.`);
  const chromium = findChromium();
  const dbusDaemon = findDbusDaemon();
  if (!chromium || !dbusDaemon)
    return { skipped: `${name}, which needs Chromium and dbus-daemon (Debian: apt-get install chromium dbus)` };
  if (!existsSync(join(EXTENSION_FOLDER, 'manifest.json')))
    return { skipped: `${name}, for the extension is not built (npm run build)` };
  if (name === 'worker' && process.platform !== 'linux')
    return { skipped: `${name}, for only Linux tells what a process has used` };
  return { rows: await measure({ executable: chromium, extension: EXTENSION_FOLDER, dbusDaemon }, quick) };
}

const [name = '', size = ''] = process.argv.slice(2);
const told = await run(name, size === 'quick');
if (process.send) {
  process.send(told);
  process.disconnect();
} else console.log(JSON.stringify(told, null, 2));
