import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever its timer does. */
const TICKS_PER_SECOND = 100;

/** User and system seconds of these processes so far; NaN where the system does not tell. */
export function processorSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + secondsOf(pid), 0);
}

function secondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; the fields after it are counted from the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

function statusKiB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number.NaN;
  }
}

/** Resident memory of a process in KiB; NaN where the system does not tell. */
export const residentKiB = (pid: number): number => statusKiB(pid, 'VmRSS');

/**
 * The most resident memory that a process had so far, KiB; NaN where the system does not tell. Not `getrusage`, which
 * begins with that of the process it was forked from.
 */
export const peakKiB = (pid: number): number => statusKiB(pid, 'VmHWM');

/** Tells what was used between `begin` and `end`: by these processes in seconds, by this one as a share of one processor. */
export function meter(pids: readonly number[]): { end(): { server: number; client: number } } {
  const server = processorSeconds(pids);
  const client = process.cpuUsage();
  const began = performance.now();
  return {
    end() {
      const { user, system } = process.cpuUsage(client);
      return {
        server: processorSeconds(pids) - server,
        client: (user + system) / 1000 / (performance.now() - began),
      };
    },
  };
}
