import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');
const BEGIN = '<!-- Made by `npm run bench -- --write`; edit nothing between here … -->';
const END = '<!-- … and here. -->';

/**
 * The document with the report between its two marks; all else in it stays. One without marks, or none at all, gets
 * them at its end.
 */
export function withReport(document: string, report: string): string {
  const made = `${BEGIN}\n\n${report}\n\n${END}`;
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 && end < 0) return `${document.trimEnd() || '# Performance'}\n\n${made}\n`;
  if (begin < 0 || end < begin)
    throw new Error(`docs/performance.md has not both of "${BEGIN}" and "${END}" in order.`);
  return document.slice(0, begin) + made + document.slice(end + END.length);
}

/** Puts the report into docs/performance.md. */
export function writeDocument(report: string): void {
  writeFileSync(DOCUMENT, withReport(existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '', report));
}
