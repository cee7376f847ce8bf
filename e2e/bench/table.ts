/** The rows of the benchmark and what they must be, and how they are printed. */
import { median } from '../support/figures.ts';

/** A bound on a figure, or on its ratio to what it was measured beside. */
export interface Limit {
  is: '≤' | '<' | '≥';
  value: number;
  /** The ratio to nchan's figure of the same pass, instead of the figure itself. */
  ofNchan?: true;
}

export interface Row {
  what: string;
  unit: string;
  /** One figure a pass. */
  ours: number[];
  /** Of the same passes; empty where it was not run, or has no such thing. */
  nchan?: number[];
  /** Ours on the file of a year, of the same passes. */
  year?: number[];
  must?: Limit;
  ambition?: Limit;
}

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
};

const withSpread = (values: readonly number[], unit = ''): string => {
  if (values.length === 0) return '–';
  const middle = `**${shown(median(values))}**${unit && ` ${unit}`}`;
  return values.length < 2 ? middle : `${middle} (${shown(Math.min(...values))} – ${shown(Math.max(...values))})`;
};

/** Ratios within each pass, so that what slows a whole pass slows both contenders of it. */
const ratios = (ours: readonly number[], other: readonly number[] = []): number[] =>
  other.length === 0 ? [] : ours.map((value, pass) => value / other[pass]!);

const limitText = ({ is, value, ofNchan }: Limit): string =>
  `${is} ${value.toLocaleString('en')}${ofNchan ? ' × nchan' : ''}`;

const holds = ({ is, value }: Limit, figure: number): boolean =>
  is === '≤' ? figure <= value : is === '<' ? figure < value : figure >= value;

/** Whether the median keeps to the limit; null where there is nothing to compare it with. */
function isMet(row: Row, limit: Limit | undefined): boolean | null {
  if (limit === undefined) return null;
  const values = limit.ofNchan ? ratios(row.ours, row.nchan) : row.ours;
  const figure = median(values);
  return Number.isFinite(figure) ? holds(limit, figure) : null;
}

export type Verdict = 'met' | 'ambition met' | 'NOT MET' | 'not compared' | '';

/** What the row's median says about its limits. */
export function verdict(row: Row): Verdict {
  if (row.must === undefined) return '';
  const met = isMet(row, row.must);
  if (met === null) return 'not compared';
  if (!met) return 'NOT MET';
  return isMet(row, row.ambition) ? 'ambition met' : 'met';
}

const table = (heads: string[], lines: string[][]): string =>
  [heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Ours beside the peer, with what must be. */
export function mainTable(rows: readonly Row[]): string {
  return table(
    ['What', 'Ours', 'nginx + nchan', 'Ratio', 'Must', 'Ambition', ''],
    rows.map((row) => [
      row.what,
      withSpread(row.ours, row.unit),
      withSpread(row.nchan ?? [], row.unit),
      row.unit === '%' ? '' : withSpread(ratios(row.ours, row.nchan)),
      row.must ? limitText(row.must) : '',
      row.ambition ? limitText(row.ambition) : '',
      verdict(row).replace('NOT MET', '**NOT MET**'),
    ]),
  );
}

/** A row on the file of a year may be so many times worse than on the empty one. */
const YEAR_MUST = 1.5;
const YEAR_AMBITION = 1.1;

/** How many times worse each figure is on the file of a year. */
export function yearTable(rows: readonly Row[]): string {
  const lines = rows
    // The load client's share says nothing about the file.
    .filter(({ year = [], unit }) => year.length > 0 && unit !== '%')
    .map(({ what, unit, ours, year = [], must }) => {
      // Where more is better, the year's figure is the divisor, so that above 1 is always worse.
      const factors = unit === 'events/s' ? ratios(ours, year) : ratios(year, ours);
      const factor = median(factors);
      const said = factor <= YEAR_AMBITION ? 'ambition met' : factor <= YEAR_MUST ? 'met' : '**NOT MET**';
      const judged = must === undefined ? '' : Number.isFinite(factor) ? said : 'not compared';
      return [what, withSpread(ours, unit), withSpread(year, unit), withSpread(factors), judged];
    });
  return table(
    ['What', 'Empty file', 'A year in the file', `Times worse (must ≤ ${YEAR_MUST}, ambition ≤ ${YEAR_AMBITION})`, ''],
    lines,
  );
}
