import { type WalkEnd, walkFlow } from '../engine/walker';
import { freshJournal, openJournal } from '../services/journal/read-journal';
import { firstLines } from '../services/logs/frame-lines';
import type { Execution } from '../store/models/execution.model';
import type { SegmentResult } from '../temporal/contract';
import { afterTrigger } from './after-trigger';
import { endOfWalk } from './end-of-walk';
import { executionLog } from './execution-log';
import { walkWithinMemory } from './large-walks';
import type { RunDeps } from './run-deps';
import { type RunEnvironment, runEnvironment } from './run-environment';
import { SegmentHost } from './segment-host';
import type { SegmentLimits } from './segment-run';

/** Walks an execution whose segment has begun until it ends or must be handed on, and stores which. */
export function walkSegment(
  deps: RunDeps,
  execution: Execution,
  limits: SegmentLimits,
): Promise<SegmentResult> {
  return walkWithinMemory(deps, execution, limits.signal, (present) => walkNow(deps, present, limits));
}

async function walkNow(deps: RunDeps, execution: Execution, limits: SegmentLimits): Promise<SegmentResult> {
  const environment = await runEnvironment(deps, execution);
  const open = execution.epoch === 1 ? freshJournal : openJournal;
  const journal = await open(deps.store, execution._id);
  const log = executionLog(deps, execution);
  const host = new SegmentHost({ deps, execution, environment, journal, limits, log }, afterTrigger);
  try {
    const end = await walk(execution, environment, host);
    const next = await endOfWalk(host, end);
    const { toldSteps: steps, untoldSteps } = host;
    return { executionId: execution._id, next, steps, ...(untoldSteps > 0 && { untoldSteps }) };
  } finally {
    await deps.logs.flush().catch(() => undefined);
  }
}

async function walk(execution: Execution, environment: RunEnvironment, host: SegmentHost): Promise<WalkEnd> {
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow) throw new Error(`Plan ${execution.planId} has no flow ${execution.flowStableKey}.`);
  // Again where an earlier segment died perhaps before it was stored: it is there once.
  if (execution.segment.index === 0)
    for (const line of firstLines(execution, environment.instance.name)) host.run.deps.logs.append(line);
  // Before the walk: an execution that waits comes to no step boundary.
  const suspension = host.control();
  if (suspension) return { kind: 'suspended', suspension };
  return walkFlow(flow, environment.configVars, host);
}
