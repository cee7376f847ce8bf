/** What Linux tells of a process and its threads. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Processes and threads end while they are being looked at.
    return '';
  }
};

/** The process and all that it began, and they began. */
function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  );
  return [pid, ...children.flatMap(familyOf)];
}

/** The renderer in which the extension runs, among the processes of a browser; null while there is none. */
export function extensionRenderer(browserPid: number): number | null {
  const isExtensions = (pid: number): boolean => {
    const line = read(`/proc/${pid}/cmdline`);
    return line.includes('--type=renderer') && line.includes('--extension-process');
  };
  return familyOf(browserPid).find(isExtensions) ?? null;
}

export interface Used {
  /** Milliseconds of processor time of all threads. */
  processorMs: number;
  /** How often a thread went to sleep of its own accord, and so was woken before. */
  wakeUps: number;
}

/** What the process has used so far, of its threads that live. */
export function usedBy(pid: number): Used {
  const threads = readdirSync(`/proc/${pid}/task`);
  const sum = (of: (thread: string) => number): number => threads.reduce((all, thread) => all + of(thread), 0);
  return {
    processorMs: sum((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] || 0) / 1e6),
    wakeUps: sum((thread) =>
      Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`/proc/${pid}/task/${thread}/status`))?.[1] ?? 0),
    ),
  };
}
