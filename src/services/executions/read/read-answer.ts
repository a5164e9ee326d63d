import { notFound } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { sentAnswer } from '../accept/await-answer';
import type { SentAnswer } from '../accept/flow-answer';

/** What a flow answered its caller, for whoever was told where it is. Throws `not_found`. */
export async function readAnswer(deps: Deps, executionId: string): Promise<SentAnswer> {
  const execution = await deps.store.executions
    .findById(executionId, { answer: 1 })
    .lean<Pick<Execution, 'answer'>>();
  if (!execution?.answer) throw notFound('The answer');
  return sentAnswer(deps, execution.answer);
}
