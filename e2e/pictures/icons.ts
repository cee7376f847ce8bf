/**
 * Renders the extension's PNGs from the drawings in `shared/src/ui/glyphs.ts`: `node src/icons.ts`.
 * Toasts and the toolbar take no SVG. The results are committed, so that building the extension needs no browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KNOWN_CHANNELS } from '@converso/shared';
import { BELL_SHAPES, CHANNEL_GLYPHS, type Shape } from '@converso/shared/ui/glyphs';
import { chromium } from 'playwright-core';
import { findChromium } from '../support/chromium.ts';

const PUBLIC = join(import.meta.dirname, '../../extension/public');

const svg = (content: string, colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" style="color:${colour}">${content}</svg>`;
const drawing = (shapes: readonly Shape[]) =>
  shapes
    .map(([tag, attributes]) => {
      const list = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
      return `<${tag} ${list.join(' ')}/>`;
    })
    .join('');

/** The accent and a grey that both stand out from a white and from a near-black toolbar. */
const ON = '#4355e0';
const OFF = '#6b7080';

/**
 * The toolbar's bell: white on a tile. Small, it fills the tile and the tile the whole icon, for at 16 pixels
 * every one counts; large, it has air around it. Crossed: grey, with a stroke that is cut free from the bell.
 */
function bellIcon(size: number, crossed = false): string {
  const small = size <= 32;
  const colour = crossed ? OFF : ON;
  const [inset, radius, scale] = small ? [0, 5.5, 0.84] : [1, 6, 0.66];
  const offset = 12 - 12 * scale;
  const bell = `<g color="#fff" transform="translate(${offset} ${offset}) scale(${scale})">${drawing(BELL_SHAPES)}</g>`;
  const cross = small ? { cut: 5.2, line: 2.3 } : { cut: 4, line: 1.8 };
  const stroke = (width: number, paint: string) =>
    `<path d="M4.6 4.6 19.4 19.4" stroke="${paint}" stroke-width="${width}" stroke-linecap="round"/>`;
  const tile = `<rect x="${inset}" y="${inset}" width="${24 - 2 * inset}" height="${24 - 2 * inset}" rx="${radius}" fill="${colour}"/>`;
  return svg(tile + bell + (crossed ? stroke(cross.cut, colour) + stroke(cross.line, '#fff') : ''), colour);
}

/** A toast's icon: the channel's tile, with the air that the system's own icons have. */
function channelIcon(channel: (typeof KNOWN_CHANNELS)[number]): string {
  const { colour, shapes } = CHANNEL_GLYPHS[channel];
  const tile = '<rect x="1" y="1" width="22" height="22" rx="6" fill="currentColor"/>';
  return svg(`${tile}<g transform="translate(3.9 3.9) scale(.675)">${drawing(shapes)}</g>`, colour);
}

const icons: [path: string, size: number, markup: string][] = [
  ...[16, 32, 48, 128].map((size) => [`icon/${size}.png`, size, bellIcon(size)] as [string, number, string]),
  ...[16, 32].map((size) => [`icon/${size}-crossed.png`, size, bellIcon(size, true)] as [string, number, string]),
  ...KNOWN_CHANNELS.map((name) => [`channel/${name}.png`, 128, channelIcon(name)] as [string, number, string]),
];

const executablePath = findChromium();
if (!executablePath) throw new Error('The icons need Chromium; set CHROME_PATH.');
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: process.getuid?.() !== 0,
});
const page = await browser.newPage();
for (const [path, size, markup] of icons) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${markup}`);
  const file = join(PUBLIC, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
}
await browser.close();
console.log(`${icons.length} icons written to ${PUBLIC}`);
