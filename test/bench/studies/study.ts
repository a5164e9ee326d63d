import type { Destination, LoadOrder } from '../load/order';
import { figuresOf, type Measured, runLoad } from '../measure/measured-load';
import type { Row } from '../report/rows';
import { drainLimitMs } from '../scenarios/context';
import type { Stack } from '../stack/stack';
import type { TenonTarget } from '../targets/tenon';

/**
 * A measurement of the product alone, for what a plain workflow has no like of. Runs only when it is named; its
 * rows have the keys of the works' rows, and `details` of its own.
 */
export interface Study {
  name: string;
  about: string;
  run(context: StudyContext): Promise<StudyResult>;
}

export interface StudyContext {
  stack: Stack;
  /** Length of one load. */
  seconds: number;
  /** Starts the product with fresh processes, at the first call; it is stopped behind the study. */
  product(): Promise<TenonTarget>;
}

export interface StudyResult {
  rows: Row[];
  /** What is printed. */
  lines: string[];
}

/** Seconds of a load at which counts are of full size. */
const FULL_SECONDS = 10;

/** A count for the length of load that was asked for. */
export const scaled = (count: number, seconds: number): number =>
  Math.ceil(count * Math.min(1, seconds / FULL_SECONDS));

/** Loads flows of the product. What is not given: one caller who waits for each answer, of small bodies. */
export async function load(
  { stack, seconds }: Omit<StudyContext, 'product'>,
  target: TenonTarget,
  destinations: Destination[],
  wanted: Partial<LoadOrder>,
  limitMs = drainLimitMs(seconds),
): Promise<Measured> {
  const order: LoadOrder = {
    destinations,
    body: 'small',
    callers: 1,
    total: Number.MAX_SAFE_INTEGER,
    sendForMs: wanted.total === undefined ? seconds * 1000 : limitMs,
    paceMs: 0,
    waitsForResult: true,
    ...wanted,
  };
  return figuresOf([await runLoad(stack, target, order, limitMs)]);
}
