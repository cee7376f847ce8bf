// `npm run serve`: the built server, built anew where it is stale, in this very process, so that signals reach it.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build-server.mjs';

buildIfStale(dirname(dirname(fileURLToPath(import.meta.url))));
await import('../server/dist/main.js');
