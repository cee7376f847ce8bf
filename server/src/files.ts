/**
 * Where the server finds the files that it reads and does not import. They stay where they are when it is built, and the
 * source (`server/src/files.ts`) and the build (a file of `server/dist/`) both lie one folder below the package, so that
 * one way leads to them from either. `import.meta` is for this file alone: in the build all modules share theirs.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, '..');

/** The absolute path of a file or folder that is named from `server/`, such as `inbox/dist`. */
export const serverFile = (path: string): string => join(SERVER, path);

/**
 * The absolute path of a file of an npm package, such as `swagger-ui-dist/package.json`.
 * @throws if the package is not installed or does not export it
 */
export const packageFile = (specifier: string): string => createRequire(import.meta.url).resolve(specifier);
