import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where the README looks for them. */
export const IMAGES = join(import.meta.dirname, '../../docs/images');

export interface View {
  /** In CSS pixels; the picture has twice as many, for screens that do. */
  width: number;
  /** Left out: as high as the page's content, at most `maxHeight`. */
  height?: number;
  maxHeight?: number;
  colours?: 'light' | 'dark';
}

const DENSITY = 2;

/** Photographs the page as it looks in such a view, and says so. */
export async function takeScreenshot(page: Page, name: string, view: View): Promise<void> {
  const { width, height, maxHeight = Number.POSITIVE_INFINITY, colours = 'light' } = view;
  const session = await page.context().newCDPSession(page);
  const resize = (toHeight: number) =>
    session.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: toHeight,
      deviceScaleFactor: DENSITY,
      mobile: false,
    });
  await page.emulateMedia({ colorScheme: colours, reducedMotion: 'reduce' });
  await resize(height ?? 400);
  if (height === undefined) {
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await resize(Math.min(whole, maxHeight));
  }
  await page.evaluate(() => document.fonts.ready);
  const { data } = await session.send('Page.captureScreenshot', { format: 'png' });
  keep(name, Buffer.from(data, 'base64'));
  await session.detach();
}

/** Writes one picture into docs/images. */
export function keep(name: string, png: Buffer): void {
  mkdirSync(IMAGES, { recursive: true });
  writeFileSync(join(IMAGES, `${name}.png`), png);
  console.log(`docs/images/${name}.png`);
}
