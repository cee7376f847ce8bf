// Says in one line what vitest's JSON report holds: node .ci/count.mjs <report> <exit code of the tests>
// Plain JavaScript without dependencies, because it runs on whatever Node.js the machine has.
import { existsSync, readFileSync } from 'node:fs';

const [report, code] = process.argv.slice(2);
// Where lint, types or the build fail there is no report, and that is one failure.
const nothing = { testResults: [], numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : nothing;

// A file that cannot be loaded, or whose set-up fails, has no failed test to show for it.
const brokenFiles = result.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length;
const passed = result.numPassedTests;
const known = result.numFailedTests + brokenFiles;
const failed = known === 0 && code !== '0' ? 1 : known;
const skipped = result.numPendingTests;

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
