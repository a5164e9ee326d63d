import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { endExecution } from '../run/end-execution';
import { tellEnds } from '../run/tell-ends';
import { expectNoAnswer } from './await-answer';

/** Ends an execution whose caller is told that it could not be started, and throws the reason. */
export async function refuse(deps: Deps, executionId: string, reason: unknown): Promise<never> {
  expectNoAnswer(executionId);
  const execution = await deps.store.executions.findById(executionId, { request: 0 }).lean<Execution>();
  const error = {
    code: 'dependency_unavailable',
    message: 'The workflow engine was away; the caller was refused.',
    stepKey: null,
    stepName: null,
  };
  const ended =
    execution &&
    (await endExecution(
      deps,
      execution,
      { error, stepCount: 0, isRefused: true },
      { where: { phase: 'accepted' }, isUntold: true },
    ));
  if (ended) await tellEnds(deps, [executionId]);
  throw reason;
}
