import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findChromium } from './chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'converso-programs-'));
const program = (name: string): string => {
  const file = join(folder, name);
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('CHROME_PATH wins over what is installed', () => {
  const mine = program('my-browser');
  expect(findChromium({ CHROME_PATH: mine, PATH: '/usr/bin' })).toBe(mine);
});

test('a CHROME_PATH that is no executable file is a mistake, not a reason to take another browser', () => {
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'not a program');
  for (const wrong of [text, join(folder, 'nothing-here')]) {
    expect(() => findChromium({ CHROME_PATH: wrong, PATH: '/usr/bin' })).toThrow('is not an executable file');
  }
});

test('Chromium is found on the PATH, and branded Chrome is not taken for it', () => {
  program('google-chrome');
  const chromium = program('chromium');
  expect(findChromium({ PATH: folder })).toBe(chromium);
});
