/**
 * Installs the programs that tests need, where that is allowed: `node e2e/support/install-programs.ts browser faketime`.
 * Ends with 1 where one is missing under `CI`; elsewhere the tests that need it are skipped, and say so.
 */
import { findPrograms } from './chromium.ts';
import { findFaketime } from './faketime.ts';

const wanted = process.argv.slice(2);
if (wanted.includes('browser')) findPrograms();
if (wanted.includes('faketime')) findFaketime();
