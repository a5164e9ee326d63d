import { Context } from '@temporalio/activity';
import type {
  BatchInput,
  BatchResult,
  DriverActivities,
  SegmentInput,
  SegmentResult,
} from '../../src/temporal/contract';
import type {
  BatchCall,
  BatchScript,
  CallScript,
  QueueCall,
  QueueScript,
  Script,
  SegmentCall,
} from './driver-worker';

/** One workflow's scripts, and what it asked for. */
export interface ScriptedRun {
  script?: Script;
  batchScript?: BatchScript;
  queueScript?: QueueScript;
  callScript?: CallScript;
  segments: SegmentCall[];
  batches: BatchCall[];
  queueCalls: QueueCall[];
  failures: Parameters<DriverActivities['recordFailure']>[0][];
}

/** The activities that a workflow asks for, played by the script of its workflow id. */
export function scriptedActivities(runOf: (workflowId: string) => ScriptedRun | undefined) {
  const present = () => {
    const { info } = Context.current();
    const run = runOf(info.workflowExecution?.workflowId ?? '');
    if (!run) throw new Error(`No script for workflow ${info.workflowExecution?.workflowId}.`);
    return { info, run };
  };
  const batch =
    (type: BatchCall['type']) =>
    async ({ executionIds }: BatchInput): Promise<BatchResult> => {
      const { run } = present();
      if (!run.batchScript) throw new Error('No script for a batch.');
      const call = { type, executionIds };
      run.batches.push(call);
      return run.batchScript(call);
    };
  const queue = async (type: QueueCall['type']): Promise<number> => {
    const { run } = present();
    if (!run.queueScript) throw new Error('No script for a queue.');
    const index = run.queueCalls.filter((one) => one.type === type).length;
    const call = { type, index };
    run.queueCalls.push(call);
    return run.queueScript(call);
  };
  const call = async (): Promise<unknown> => {
    const { info, run } = present();
    if (!run.callScript) throw new Error('No script for a call.');
    return run.callScript(info.attempt);
  };
  return {
    callDataSource: call,
    callLifecycleFunctions: call,
    lookAtQueue: async () => ({ admissible: await queue('lookAtQueue') }),
    runQueueLane: async () => ({ admitted: await queue('runQueueLane') }),
    /** Plays every type that has no activity of its own, as the worker's one implementation does. */
    async default(input: SegmentInput): Promise<SegmentResult> {
      const { info, run } = present();
      if (!run.script) throw new Error('No script for segments.');
      const call = { activityType: info.activityType, input, attempt: info.attempt };
      run.segments.push(call);
      const answer = await run.script(call);
      if ('next' in answer) return answer;
      return { executionId: input.executionId ?? 'made', next: answer, steps: [] };
    },
    runBatch: batch('runBatch'),
    splitBatch: batch('splitBatch'),
    async recordFailure(failure: ScriptedRun['failures'][number]): Promise<void> {
      present().run.failures.push(failure);
    },
  };
}
