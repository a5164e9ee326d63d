import { walkFlow } from '../engine/walker';
import { isAppError } from '../errors';
import { beginSegment, storeTick } from '../services/executions/run/begin-segment';
import { EMPTY_JOURNAL, readJournal } from '../services/journal/read-journal';
import type { Execution } from '../store/models/execution.model';
import type { SegmentInput, SegmentResult } from '../temporal/contract';
import { endOfWalk } from './end-of-walk';
import { executionLog } from './execution-log';
import type { Lease } from './lease';
import type { RunDeps } from './run-deps';
import { runEnvironment } from './run-environment';
import { SegmentHost } from './segment-host';

/**
 * Runs one segment: the walker goes on behind the last journaled step until the flow ends or something
 * durable must happen. Rejects for infrastructure faults only, and is then run again.
 */
export async function runSegment(
  deps: RunDeps,
  input: SegmentInput,
  activity: { runId: string; signal: AbortSignal; lease: Lease },
): Promise<SegmentResult> {
  const executionId = input.executionId ?? (await tickOf(deps, input));
  if (executionId === null) return { executionId: '', next: { kind: 'done', isFailed: false }, steps: [] };
  const execution = await beginSegment(deps, { executionId, index: input.index, runId: activity.runId });
  if (!execution) return { executionId, next: { kind: 'done', isFailed: false }, steps: [] };
  return walkSegment(deps, execution, input, activity);
}

async function walkSegment(
  deps: RunDeps,
  execution: Execution,
  input: SegmentInput,
  { signal, lease }: { signal: AbortSignal; lease: Lease },
): Promise<SegmentResult> {
  const environment = await runEnvironment(deps, execution);
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow) throw new Error(`Plan ${execution.planId} has no flow ${execution.flowStableKey}.`);
  const log = executionLog(deps, execution);
  if (execution.epoch === 1)
    log('INFO', `Starting Instance Execution: ${environment.instance.name} / ${flow.name}`);
  const journal = execution.epoch === 1 ? EMPTY_JOURNAL : await readJournal(deps.store, execution._id);
  const host = new SegmentHost({
    deps,
    execution,
    environment,
    journal,
    input,
    signal,
    lease,
    log,
  });
  try {
    const end = await walkFlow(flow, environment.configVars, host);
    const next = await endOfWalk(host, end);
    return { executionId: execution._id, next, steps: host.finishedSteps.slice(-40) };
  } finally {
    await deps.logs.flush().catch(() => undefined);
  }
}

/** The execution of a schedule's tick; null when the flow may not run any more, which is no failure. */
async function tickOf(deps: RunDeps, { schedule }: SegmentInput): Promise<string | null> {
  if (!schedule) throw new Error('A segment names neither an execution nor a schedule.');
  try {
    return await storeTick(deps, schedule);
  } catch (error) {
    if (isAppError(error) && !error.retryable) return null;
    throw error;
  }
}
