import type { RunnerProcess } from './runner-process';

/** Calls that take more of a processor than this, on average, are spread. */
const LONG_CALL_MS = 10;
/** Of a processor: what one process is given before others share its work. */
const FULL_SHARE = 0.75;
/** Loading a bundle blocks a process for as long as some calls of the usual kind take together. */
const LOADING_COUNTS = 4;
/** Likewise, for a process that is not ready yet. */
const STARTING_COUNTS = 32;

/**
 * The process of a pool for the next call, rather one that has the bundle; `undefined` when there is none. Calls go to
 * that with the fewest. But no more processes than their work fills get them, the first ones, while calls are short and
 * these answer: each process compiles the same code for itself and has a heap of its own.
 */
export function chooseRunner(
  runners: readonly RunnerProcess[],
  bundlePath?: string,
): RunnerProcess | undefined {
  const lively = runners.filter(({ life }) => !life.isSilent);
  return idlest(lively.length === 0 ? runners : lively.slice(0, wantedOf(runners)), bundlePath);
}

/**
 * Whether one more process would be of no use now: also where one is silent for a moment and for the first time, since
 * a machine at its limit has no time for another one either.
 */
export function areEnough(runners: readonly RunnerProcess[]): boolean {
  if (runners.some(({ calls }) => calls.size === 0)) return true;
  return runners.filter(({ life }) => !life.isSilentAgain).length >= wantedOf(runners);
}

/** How many processes the work of these would fill: more than there are where calls are long, since any may block. */
function wantedOf(runners: readonly RunnerProcess[]): number {
  if (runners.some(({ load }) => load.msPerCall > LONG_CALL_MS)) return runners.length + 1;
  const work = runners.reduce((sum, { load }) => sum + load.share, 0);
  return Math.max(1, Math.ceil(work / FULL_SHARE));
}

function idlest([first, ...rest]: readonly RunnerProcess[], bundlePath?: string): RunnerProcess | undefined {
  if (first === undefined) return undefined;
  return rest.reduce(
    (best, next) => (costOf(next, bundlePath) < costOf(best, bundlePath) ? next : best),
    first,
  );
}

/** Calls in the process, and how many more it is worth to spare it what the call would have to wait for. */
function costOf(runner: RunnerProcess, bundlePath: string | undefined): number {
  const isLoaded = bundlePath === undefined || runner.has(bundlePath);
  return runner.calls.size + (isLoaded ? 0 : LOADING_COUNTS) + (runner.isReady ? 0 : STARTING_COUNTS);
}
