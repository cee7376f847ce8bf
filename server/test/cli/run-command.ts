import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { runCommand } from '../../src/cli/program.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** What it printed with `--json`. Throws where that is not JSON alone. */
  json: ReturnType<typeof JSON.parse>;
}

/** The operator's commands on a store of the test's own. */
export function openDesk(environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'converso-cli-'));
  const env = { DATA_DIR: folder, DATABASE_URL: `file:${join(folder, 'converso.db')}`, ...environment };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const run = async (...args: string[]): Promise<Ran> => {
    const said = { out: '', err: '' };
    const keep = (where: keyof typeof said) => (chunk: unknown) => {
      said[where] += String(chunk);
      return true;
    };
    const spies = [
      vi.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
      vi.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
      vi.spyOn(console, 'error').mockImplementation((line) => void keep('err')(`${line}\n`)),
    ];
    try {
      const code = await runCommand(args);
      return {
        code,
        ...said,
        get json() {
          return JSON.parse(said.out);
        },
      };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };

  /** Runs a command that must succeed, with `--json`. */
  const ask = async (...args: string[]): Promise<ReturnType<typeof JSON.parse>> => {
    const ran = await run(...args, '--json');
    if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.err}`);
    return ran.json;
  };
  return { folder, file: (name: string) => join(folder, name), run, ask };
}
