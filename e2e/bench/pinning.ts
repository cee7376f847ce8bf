import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, setPriority } from 'node:os';

/** The processor for whatever is measured, and the one for the load client. */
export const SERVER_CPU = 0;
export const CLIENT_CPU = 1;

/** False where there is but one processor, or no `taskset`; then nothing is pinned. */
export const pinned = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;

const AHEAD = -15;

/** Whether what is measured runs before other processes, for machines on which other work cannot be stopped. */
const ahead = process.env.BENCH_AHEAD === '1';

/**
 * Keeps a process with all its threads on one processor, where that can be; and with BENCH_AHEAD=1, as root, lets it
 * run before others. Ours, the peer and the load client are all treated alike.
 */
export function settle(pid: number, cpu: number): void {
  if (pinned) spawnSync('taskset', ['-a', '-p', '-c', String(cpu), String(pid)]);
  if (!ahead) return;
  // On Linux each thread has a priority of its own, which counts within its session; and the session has one too.
  for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), AHEAD);
  if (existsSync(`/proc/${pid}/autogroup`)) writeFileSync(`/proc/${pid}/autogroup`, String(AHEAD));
}
