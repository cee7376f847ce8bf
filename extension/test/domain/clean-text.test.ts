// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleanText, withCleanTexts } from '../../domain/clean-text.ts';

const PLANES = Array.from({ length: 17 }, (_, plane) => plane * 0x1_0000);
const NONCHARACTERS = [
  ...Array.from({ length: 32 }, (_, offset) => 0xfdd0 + offset),
  ...PLANES.flatMap((plane) => [plane + 0xfffe, plane + 0xffff]),
];

describe('text for a toast', () => {
  test('has U+FFFD in place of each of the 66 Unicode noncharacters', () => {
    expect(NONCHARACTERS).toHaveLength(66);
    for (const point of NONCHARACTERS) {
      expect(cleanText(`a${String.fromCodePoint(point)}b`), point.toString(16)).toBe('a\ufffdb');
    }
  });

  test.each([
    ['NUL', 'a\0b', 'a\ufffdb'],
    ['a control character', 'a\u0001\u000b\u001fb', 'a\ufffd\ufffd\ufffdb'],
    ['half a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ])('has U+FFFD in place of %s', (_name, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  test.each([
    ['line breaks and tabs', 'a\r\n\tb'],
    ['emoji with joiners', '👩‍👩‍👧 \u{1f44d}\u{1f3fd}'],
    ['other scripts', 'مرحبا שלום 你好 \u200f'],
    ['private use and the byte order mark', '\ue000\ufeff\ufffd\u{10fffd}'],
  ])('keeps %s', (_name, text) => {
    expect(cleanText(text)).toBe(text);
  });
});

test('every text of a toast is cleaned, and nothing else is changed', () => {
  const dirty = 'x\ufffey';
  const clean = 'x\ufffdy';
  expect(
    withCleanTexts({ title: dirty, message: dirty, contextMessage: dirty, buttons: [{ title: dirty }], silent: true }),
  ).toEqual({ title: clean, message: clean, contextMessage: clean, buttons: [{ title: clean }], silent: true });
  expect(withCleanTexts({ message: dirty })).toEqual({ message: clean });
});

test('only background/toasts/toast.ts hands a toast to the browser, so no text goes by it', () => {
  const root = join(import.meta.dirname, '../..');
  const sources = ['background', 'domain', 'entrypoints', 'pages'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const handing = sources.filter(
    (file) =>
      /\.tsx?$/.test(file) && /notifications\s*\.(create|update)\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(handing).toEqual([join('background', 'toasts', 'toast.ts')]);
});
