import type { WalkEnd } from '../engine/walker';
import { armWait } from '../services/executions/run/arm-wait';
import { endExecution } from '../services/executions/run/end-execution';
import type { NextMove } from '../temporal/contract';
import { answerOfLastStep } from './flow-answer';
import { pushAnswer } from './push-answer';
import type { SegmentHost } from './segment-host';

/** Stores how a walk ended, and tells the driver what comes next. */
export async function endOfWalk(host: SegmentHost, end: WalkEnd): Promise<NextMove> {
  const { deps, execution } = host.run;
  if (end.kind === 'suspended') {
    const { suspension } = end;
    if (suspension.kind !== 'wait') return suspension;
    await armWait(deps, execution, suspension.wait);
    return { kind: 'wait', ms: Math.max(suspension.wait.untilMs - Date.now(), 1) };
  }
  const error =
    end.kind === 'failed' ? { ...end.error, stepKey: end.step.key, stepName: end.step.name } : null;
  const answer = end.kind === 'finished' && execution.isSynchronous ? answerOfLastStep(end.last) : undefined;
  await finalLog(host, error?.stepName ?? null);
  await endExecution(deps, execution, { error, stepCount: host.stepCount, ...(answer && { answer }) });
  pushAnswer(deps, execution);
  return {
    kind: 'done',
    isFailed: error !== null,
    ...(error && { error: { code: error.code, message: error.code, step: error.stepName } }),
  };
}

/** The last line of every execution: tools that follow a log stop at its first words. */
async function finalLog({ run }: SegmentHost, failedStep: string | null): Promise<void> {
  const outcome = failedStep === null ? 'success' : `failed at step '${failedStep}'`;
  run.log(
    failedStep === null ? 'INFO' : 'ERROR',
    `Ending Instance Execution: ${run.environment.instance.name} (${outcome})`,
  );
  await run.deps.logs.flush();
}
