import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Row } from './table.ts';

const BUILT = join(import.meta.dirname, '../../extension/.output/chrome-mv3');

/** All scripts that a page loads: those it names and those they import. */
function scriptsOf(page: string): string[] {
  const scripts = new Set<string>();
  const follow = (text: string): void => {
    for (const [, path] of text.matchAll(
      /(?:src|href|from|import)\s*(?:=|\()?\s*["'](?:\.?\/)?(?:chunks\/)?([\w-]+\.js)["']/g,
    )) {
      const file = [path!, join('chunks', path!)].find((name) => existsSync(join(BUILT, name)));
      if (!file || scripts.has(file)) continue;
      scripts.add(file);
      follow(readFileSync(join(BUILT, file), 'utf8'));
    }
  };
  follow(readFileSync(join(BUILT, page), 'utf8'));
  return [...scripts];
}

const kibibytes = (files: string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT, file)), { level: 9 }).length, 0) / 1024;

/** The extension's bundles, gzipped; nothing where it is not built. */
export function bundleRows(): Row[] {
  if (!existsSync(BUILT) || readdirSync(BUILT).length === 0) return [];
  return [
    {
      what: 'extension: worker, gzip',
      unit: 'KiB',
      ours: [kibibytes(['background.js'])],
      must: { is: '≤', value: 30 },
      ambition: { is: '≤', value: 15 },
    },
    {
      what: 'extension: popup, gzip',
      unit: 'KiB',
      ours: [kibibytes(scriptsOf('popup.html'))],
      must: { is: '≤', value: 25 },
      ambition: { is: '≤', value: 12 },
    },
  ];
}
