#!/usr/bin/env node
// Looks for known vulnerabilities of the dependencies that run in production: ends with 1 if one is high or critical.
// A registry that offers no advisories (many mirrors do not) is said loudly and is no failure: nothing is known then.
import { spawnSync } from 'node:child_process';

const { status, stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--json'], { encoding: 'utf8' });
const said = `${stdout}${stderr}`;

if (/ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT_NOT_EXISTS)|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(said)) {
  const [reason] = /responded with \d+|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.exec(said) ?? ['no answer'];
  console.warn(`audit: SKIPPED, this registry offers no advisories (${reason})`);
  process.exit(0);
}

let report;
try {
  report = JSON.parse(stdout);
} catch {
  console.error(`audit: pnpm ended with ${status}:\n${said}`);
  process.exit(1);
}
const { low = 0, moderate = 0, high = 0, critical = 0 } = report.metadata?.vulnerabilities ?? {};
console.log(`audit: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low`);
for (const { severity, module_name, title, url } of Object.values(report.advisories ?? {})) {
  console.log(`  ${severity}: ${module_name}: ${title} ${url}`);
}
process.exit(high + critical > 0 ? 1 : 0);
