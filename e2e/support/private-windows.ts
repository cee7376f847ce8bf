import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The id that Chromium derives from the manifest's key: half of its hash, in letters from a to p. */
function idOf(extension: string): string {
  const { key } = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8')) as { key: string };
  const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32);
  return [...hash].map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16))).join('');
}

/**
 * Sets in a profile that was never used what a person sets on the extension's page, "Allow in Incognito". Set in a
 * running browser it would load the extension anew, and the test would lose its worker.
 */
export function allowInPrivateWindows(profile: string, extension: string): void {
  mkdirSync(join(profile, 'Default'));
  const preferences = { extensions: { settings: { [idOf(extension)]: { incognito: true } } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}
