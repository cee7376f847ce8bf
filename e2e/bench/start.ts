import { AS_SERVED, serverProcess } from '../support/server-process.ts';
import type { Contenders } from './interleaved.ts';
import { copyOf } from './population.ts';
import type { Row } from './table.ts';

/** Seconds from the server's process being started on a copy of the file until `/readyz` says 200. */
export async function secondsToReady(databaseFile: string): Promise<number> {
  const place = copyOf(databaseFile);
  try {
    const server = await serverProcess(place.env, AS_SERVED);
    const began = performance.now();
    // Resolves when it listens, so that there is no guessing when to ask.
    await server.start();
    try {
      const { status } = await fetch(`${server.origin}/readyz`);
      if (status !== 200) throw new Error(`/readyz said ${status} once the server listened`);
      return (performance.now() - began) / 1000;
    } finally {
      await server.stop('SIGKILL');
    }
  } finally {
    place.remove();
  }
}

/** The empty file's figure and the year's; the latter is what must be fast. */
export async function startRows({ population, yearFile }: Contenders, passes: number): Promise<Row[]> {
  const empty: number[] = [];
  const year: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    empty.push(await secondsToReady(population.databaseFile));
    if (yearFile !== null) year.push(await secondsToReady(yearFile));
  }
  return [
    { what: 'server start to ready (/readyz), empty file', unit: 's', ours: empty },
    ...(yearFile === null
      ? []
      : [
          {
            what: '… with a year in the file',
            unit: 's',
            ours: year,
            must: { is: '<', value: 1 },
            ambition: { is: '<', value: 0.3 },
          } satisfies Row,
        ]),
  ];
}
