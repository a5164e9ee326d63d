import type { Deps } from '../../context';
import { expectNoAnswer } from './await-answer';

/** Ends an execution whose caller is told that it could not be started, and throws the reason. */
export async function refuse(deps: Deps, executionId: string, reason: unknown): Promise<never> {
  expectNoAnswer(executionId);
  const error = {
    code: 'dependency_unavailable',
    message: 'The workflow engine was away; the caller was refused.',
    stepKey: null,
    stepName: null,
  };
  await deps.store.executions.updateOne(
    { _id: executionId, phase: 'accepted' },
    { $set: { phase: 'ended', status: 'ERROR', error, endedAt: new Date() }, $unset: { deliveryKey: 1 } },
  );
  throw reason;
}
