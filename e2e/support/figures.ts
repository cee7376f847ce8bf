/** The value below which a share of all lies; NaN for none. Sorts a copy. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: ArrayLike<number>): number => percentile(values, 0.5);
