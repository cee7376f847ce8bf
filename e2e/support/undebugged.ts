import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ChromeOptions, chromeArgs, chromeEnv } from './browser.ts';

/**
 * Starts Chromium as an agent does: nobody debugs it, so the browser may put the worker to sleep and nothing
 * keeps it alive artificially. What it does shows on the desktop and at the server only.
 */
export function startUndebuggedChrome(options: ChromeOptions & { profile: string }): {
  /** Of the browser's first process. */
  pid: number;
  close(): Promise<void>;
} {
  const args = [
    ...(options.headless === false ? [] : ['--headless=new']),
    `--user-data-dir=${options.profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-component-update',
    '--password-store=basic',
    ...chromeArgs(options.extension),
    ...(options.args ?? []),
    'about:blank',
  ];
  const env = chromeEnv(options.busAddress, options.env);
  const child = spawn(options.executable, args, { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async close() {
      child.kill();
      await ended;
    },
  };
}
