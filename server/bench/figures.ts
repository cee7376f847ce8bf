/** The value below which a share of all lies; NaN for none. Sorts a copy. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** One row of the table: what was measured, what it must be, and what it was in each pass. */
export interface Row {
  what: string;
  unit: string;
  must: string;
  passes: number[];
}

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
};

/** The rows as a Markdown table: median first, then the spread over all passes. */
export function markdown(rows: readonly Row[]): string {
  const lines = rows.map(({ what, unit, must, passes }) => {
    const spread = passes.length < 2 ? '' : `${shown(Math.min(...passes))} – ${shown(Math.max(...passes))}`;
    return `| ${what} | **${shown(median(passes))}** ${unit} | ${spread} | ${must} |`;
  });
  return ['| What | Median | Spread | Must |', '|---|---|---|---|', ...lines].join('\n');
}
