import { join } from 'node:path';
import config from '@converso/server/vite.config.ts';
import { build } from 'vite';

const SERVER = join(import.meta.dirname, '../../server');
/** Directly below `server/`, as `server/dist/` is: what is built finds its files from there. */
const FOLDER = '.output';

/** Builds a program of the bench as the server is built, so that it is measured as it would run there; returns its file. */
export async function built(name: string): Promise<string> {
  await build({
    ...config,
    configFile: false,
    logLevel: 'warn',
    build: {
      ...config.build,
      outDir: FOLDER,
      rolldownOptions: { ...config.build?.rolldownOptions, input: { [name]: join(import.meta.dirname, `${name}.ts`) } },
    },
  });
  return join(SERVER, FOLDER, `${name}.js`);
}
