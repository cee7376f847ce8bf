import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findPrograms, type Programs } from './chromium.ts';
import { EXTENSION_FOLDER } from './extension-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absent only where the browser tests are skipped. */
    programs: Programs | undefined;
    /** Folder of the built, unpacked extension. */
    extension: string;
  }
}

export default function setup(project: TestProject): void {
  project.provide('programs', findPrograms());
  project.provide('extension', EXTENSION_FOLDER);
  if (!existsSync(join(EXTENSION_FOLDER, 'manifest.json'))) {
    throw new Error('e2e: the extension is not built; run "npm run build" first.');
  }
}
