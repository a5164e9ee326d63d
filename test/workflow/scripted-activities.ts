import { Context } from '@temporalio/activity';
import type { DriverActivities, SegmentInput, SegmentResult } from '../../src/temporal/contract';
import type { Script, SegmentCall } from './driver-worker';

interface ScriptedRun {
  script: Script;
  segments: SegmentCall[];
  failures: Parameters<DriverActivities['recordFailure']>[0][];
}

/** The activities that a driver asks for, played by the script of its workflow id. */
export function scriptedActivities(runOf: (workflowId: string) => ScriptedRun | undefined) {
  const present = () => {
    const { info } = Context.current();
    const run = runOf(info.workflowExecution?.workflowId ?? '');
    if (!run) throw new Error(`No script for workflow ${info.workflowExecution?.workflowId}.`);
    return { info, run };
  };
  return {
    /** Plays every type that has no activity of its own, as the worker's one implementation does. */
    async default(input: SegmentInput): Promise<SegmentResult> {
      const { info, run } = present();
      const call = { activityType: info.activityType, input, attempt: info.attempt };
      run.segments.push(call);
      const answer = await run.script(call);
      if ('next' in answer) return answer;
      return { executionId: input.executionId ?? 'made', next: answer, steps: [] };
    },
    async recordFailure(failure: ScriptedRun['failures'][number]): Promise<void> {
      present().run.failures.push(failure);
    },
  };
}
