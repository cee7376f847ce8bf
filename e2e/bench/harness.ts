/** A server for one measurement, ours or the peer, with the load client before it. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { AS_SERVED, serverProcess } from '../support/server-process.ts';
import type { Figures, Job } from './load.ts';
import { startNginx } from './nginx.ts';
import { CLIENT_CPU, SERVER_CPU, settle } from './pinning.ts';
import { copyOf, type Population } from './population.ts';
import { residentKiB } from './processor-time.ts';
import type { Publishing, Target, Teams } from './protocol.ts';

export interface Harness {
  /** Resident memory of the server, KiB. */
  memory(): number;
  measure(
    measure: Job['measure'],
    teams: Teams,
    numbers?: Record<string, number>,
    whileHolding?: () => Promise<void>,
  ): Promise<Figures>;
}

/** Our real server on a copy of the file, whose business is the population's. */
export async function onOurs<Result>(
  population: Population,
  databaseFile: string,
  work: (harness: Harness) => Promise<Result>,
): Promise<Result> {
  const place = copyOf(databaseFile);
  try {
    const server = await serverProcess(place.env, AS_SERVED);
    await server.start();
    settle(server.pid, SERVER_CPU);
    const { businessId, secret, tokens } = population;
    const port = Number(new URL(server.origin).port);
    try {
      return await work(harnessOf({ kind: 'ours', port, businessId, secret, tokens }, server.pid));
    } finally {
      await server.stop('SIGKILL');
    }
  } finally {
    place.remove();
  }
}

/** nginx with nchan, which keeps all in memory. */
export async function onNchan<Result>(
  publishing: Publishing,
  work: (harness: Harness) => Promise<Result>,
): Promise<Result> {
  const nginx = await startNginx();
  settle(nginx.workerPid, SERVER_CPU);
  try {
    const { port, publishPort } = nginx;
    return await work(harnessOf({ kind: 'nchan', port, publishPort, publishing }, nginx.workerPid));
  } finally {
    await nginx.stop();
  }
}

const harnessOf = (target: Target, pid: number): Harness => ({
  memory: () => residentKiB(pid),
  measure: (measure, teams, numbers = {}, whileHolding) =>
    load({ target, pids: [pid], teams, measure, numbers }, whileHolding),
});

type Said = 'holding' | { figures: Figures } | { failed: string };

function load(job: Job, whileHolding?: () => Promise<void>): Promise<Figures> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'load.ts'), { execArgv: ['--max-semi-space-size=64'] });
  settle(child.pid ?? 0, CLIENT_CPU);
  child.send(job);
  return new Promise((resolve, reject) => {
    child.on('message', async (message: Said) => {
      if (message === 'holding') {
        await whileHolding?.();
        child.send('enough');
      } else if ('failed' in message) reject(new Error(`${job.target.kind}, ${job.measure}: ${message.failed}`));
      else resolve(message.figures);
    });
    child.once('exit', (code) => reject(new Error(`the load client ended with ${code}`)));
  });
}
