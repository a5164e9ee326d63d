import type { Destination, LoadOrder } from '../load/order';
import { figuresOf, type Load, type Measured, runLoad } from '../measure/measured-load';
import type { Stack } from '../stack/stack';
import type { Target } from '../targets/target';
import type { Work } from '../works/work';

/** One work on one target, put in place and ready to be loaded. */
export interface Subject {
  stack: Stack;
  target: Target;
  work: Work;
  destinations: Destination[];
  /** Length of one load. */
  seconds: number;
  /** Every execution that was sent. */
  sent: { count: number };
  /** Runs what loads the machine when it is this target's turn. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a scenario brings. */
export interface Figures {
  /** Many callers: throughput, processor time, memory. */
  busy: Measured;
  /** One caller, one delivery after the other. */
  single?: Measured;
  /** One caller, and the stack at rest between its deliveries. */
  quiet?: Measured;
  /** SLOW: the fast customer alone, and beside the slow one. */
  alone?: Measured;
  beside?: Measured;
  /** What is said under the figures. */
  notes: string[];
}

const SPARE_MS = 60_000;

/** How long executions may take to end when `seconds` of load were meant. */
export const drainLimitMs = (seconds: number): number => SPARE_MS + seconds * 6000;

/** Loads the subject when it is its turn. What is not given: one caller without a pace, for as long as one load lasts. */
export const loadSubject = async (
  subject: Subject,
  wanted: Partial<LoadOrder>,
  limitMs?: number,
): Promise<Measured> => figuresOf([await subject.inTurn(() => loadNow(subject, wanted, limitMs))]);

/** The same for who has the turn. */
export async function loadNow(
  subject: Subject,
  wanted: Partial<LoadOrder>,
  limitMs = drainLimitMs(subject.seconds),
): Promise<Load> {
  const { stack, target, work, destinations, seconds, sent } = subject;
  const order: LoadOrder = {
    destinations,
    body: work.body,
    callers: 1,
    total: Number.MAX_SAFE_INTEGER,
    // A load that is bounded by its number may take its time.
    sendForMs: wanted.total === undefined ? seconds * 1000 : limitMs,
    paceMs: 0,
    waitsForResult: work.isSynchronous,
    ...wanted,
  };
  const load = await runLoad(stack, target, order, limitMs);
  sent.count += load.report.ids.length;
  return load;
}
