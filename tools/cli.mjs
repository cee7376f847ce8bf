// `npm run cli`: the operator's commands, built like the server, because reading their source takes a second each time.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build-server.mjs';

buildIfStale(dirname(dirname(fileURLToPath(import.meta.url))));
await import('../server/dist/cli.js');
