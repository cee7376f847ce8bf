// Says in one line what vitest's JSON reports hold: node .ci/count.mjs <report> <exit code of its tests> …
// Plain JavaScript without dependencies, because it runs on whatever Node.js the machine has.
import { existsSync, readFileSync } from 'node:fs';

// Where lint, types or the build fail there is no report, and that is one failure.
const nothing = { testResults: [], numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };

function count(report, code) {
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : nothing;
  // A file that cannot be loaded, or whose set-up fails, has no failed test to show for it.
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const known = result.numFailedTests + brokenFiles;
  return {
    passed: result.numPassedTests,
    failed: known === 0 && code !== '0' ? 1 : known,
    skipped: result.numPendingTests,
  };
}

const total = { passed: 0, failed: 0, skipped: 0 };
const args = process.argv.slice(2);
for (let i = 0; i < args.length; i += 2) {
  const one = count(args[i], args[i + 1]);
  for (const key of Object.keys(total)) total[key] += one[key];
}
const { passed, failed, skipped } = total;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
