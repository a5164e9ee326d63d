import type { NextMove } from '../../../src/temporal/contract';
import type { DriverWorker, Run, Script } from '../../workflow/driver-worker';

/** Drives one workflow through everything that its history shall show. Resolves when it has ended. */
export type Shape = (worker: DriverWorker) => Promise<Run>;

export const DONE: NextMove = { kind: 'done', isFailed: false };
export const executionId = '01980000-0000-7000-8000-000000000001';
export const scheduledFlowConfigId = '01980000-0000-5000-8000-000000000002';

/** Segments that answer with these moves, one after the other, and then with the end. */
export const moves =
  (...list: NextMove[]): Script =>
  ({ input }) => ({
    executionId,
    next: list[input.index] ?? DONE,
    steps: [{ name: `Step ${input.index}`, state: 'ok', ms: 7 }],
  });

export const action = (activityType: string): NextMove => ({ kind: 'action', activityType });

/** The run, when it has ended in whatever way. */
export async function ended(run: Run): Promise<Run> {
  await run.result().catch(() => undefined);
  return run;
}
