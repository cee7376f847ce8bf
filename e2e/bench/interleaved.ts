import { onNchan, onOurs } from './harness.ts';
import type { Figures } from './load.ts';
import type { Population } from './population.ts';
import type { Publishing } from './protocol.ts';
import type { Measurement, Sizes } from './server-rows.ts';
import type { Row } from './table.ts';

/** What is measured side by side. */
export interface Contenders {
  population: Population;
  /** A file with the same people and a year behind them; null leaves it out. */
  yearFile: string | null;
  /** How the peer is published to; false where there is none. */
  nchan: Publishing | false;
}

type Side = 'ours' | 'nchan' | 'year';
type SideBySide = Row & Record<Side, number[]>;

/** Runs one measurement in every pass on ours, on the peer and on the file of a year, one after the other. */
export async function interleaved(
  measurement: Measurement,
  { population, yearFile, nchan }: Contenders,
  sizes: Sizes,
  passes: number,
  failed: (what: string) => void,
): Promise<Row[]> {
  const rows: SideBySide[] = measurement.rows.map(({ figure: _, scale: __, ...row }) => ({
    ...row,
    ours: [],
    nchan: [],
    year: [],
  }));
  const note = (side: Side, figures: Figures): void => {
    measurement.rows.forEach(({ figure, scale = 1 }, index) => {
      rows[index]![side].push((figures[figure] ?? Number.NaN) * scale);
    });
    const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    console.error(`${measurement.name}, ${side}: ${shown.join(', ')}`);
  };
  // What fails on one side is no figure there, and leaves the others'.
  const attempt = async (side: Side, run: () => Promise<Figures>): Promise<void> => {
    try {
      note(side, await run());
    } catch (error) {
      note(side, {});
      failed(`${measurement.name}, ${side}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (let pass = 0; pass < passes; pass += 1) {
    await attempt('ours', () =>
      onOurs(population, population.databaseFile, (harness) => measurement.run(harness, sizes)),
    );
    if (measurement.peer && nchan)
      await attempt('nchan', () => onNchan(nchan, (harness) => measurement.run(harness, sizes)));
    if (yearFile !== null)
      await attempt('year', () => onOurs(population, yearFile, (harness) => measurement.run(harness, sizes)));
  }
  return rows;
}
