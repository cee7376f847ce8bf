import { join } from 'node:path';

/** The built, unpacked extension. */
export const EXTENSION_FOLDER = join(import.meta.dirname, '../../extension/.output/chrome-mv3');
