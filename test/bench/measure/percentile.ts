/** The value that `share` (0–1) of the numbers do not exceed; NaN of none. */
export function percentile(values: number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Median and 95th percentile, in the unit of the values. */
export interface Spread {
  p50: number;
  p95: number;
  count: number;
}

export function spreadOf(values: number[]): Spread {
  return {
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    count: values.filter((value) => !Number.isNaN(value)).length,
  };
}
