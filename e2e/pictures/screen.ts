import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A screen that nobody sits at, on which programs draw as on a real one. */
export interface Screen {
  /** For DISPLAY. */
  display: string;
  takeScreenshot(): Buffer;
  close(): Promise<void>;
}

const isInstalled = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Starts Xvfb; undefined where it, or ImageMagick to photograph it, is not installed. */
export async function startScreen(width: number, height: number): Promise<Screen | undefined> {
  if (!isInstalled('Xvfb') || !isInstalled('import')) return undefined;
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const ended = once(server, 'exit');
  const [number] = (await once(createInterface(server.stdio[3] as NodeJS.ReadableStream), 'line')) as [string];
  const display = `:${number}`;
  return {
    display,
    takeScreenshot: () =>
      execFileSync('import', ['-display', display, '-window', 'root', 'png:-'], { maxBuffer: 2 ** 26 }),
    async close() {
      server.kill();
      await ended;
    },
  };
}
