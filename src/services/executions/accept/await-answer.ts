import { AppError } from '../../../errors';
import type { Execution, StoredAnswer } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import type { FlowAnswer } from './flow-answer';
import { DEFAULT_ANSWER } from './flow-answer';

/** The record is the truth; a wake that got lost costs a waiting caller this long. */
const LOOK_EVERY_MS = 1000;

const waiters = new Map<string, Set<() => void>>();

/** Wakes the callers in this process that wait for the execution's answer. */
export function wakeWaiters(executionId: string): void {
  for (const wake of waiters.get(executionId) ?? []) wake();
}

/** Waits until the execution has its answer or its end. Rejects with `answer_timeout` after the limit. */
export async function awaitAnswer(deps: Deps, executionId: string): Promise<FlowAnswer> {
  const deadline = Date.now() + deps.env.TENON_SYNC_ANSWER_SECONDS * 1000;
  for (;;) {
    const left = deadline - Date.now();
    const woken = waitForWake(executionId, Math.min(left, LOOK_EVERY_MS));
    const answer = await readAnswer(deps, executionId);
    if (answer) return answer;
    if (left <= 0) {
      const seconds = deps.env.TENON_SYNC_ANSWER_SECONDS;
      throw new AppError(
        'answer_timeout',
        `The flow gave no answer within ${seconds} s; the execution goes on.`,
        {
          meta: { executionId },
        },
      );
    }
    await woken;
  }
}

async function readAnswer(deps: Deps, executionId: string): Promise<FlowAnswer | undefined> {
  const execution = await deps.store.executions
    .findById(executionId, { answer: 1, phase: 1, error: 1, isSynchronous: 1 })
    .lean<Pick<Execution, 'answer' | 'phase' | 'error' | 'isSynchronous'>>();
  if (!execution) throw new AppError('not_found', 'The execution was deleted while its caller waited.');
  if (execution.answer) return view(deps, execution.answer);
  if (execution.phase !== 'ended') return undefined;
  if (execution.error)
    throw new AppError('component_failed', execution.error.message, { meta: { executionId } });
  return DEFAULT_ANSWER;
}

async function view(deps: Deps, answer: StoredAnswer): Promise<FlowAnswer> {
  const { statusCode, contentType, headers } = answer;
  const body = answer.bodyBlobId ? await deps.store.blobs.get(answer.bodyBlobId) : answer.body;
  return { statusCode, contentType, headers, body };
}

/** Resolves at a wake or after `ms`. It listens from the call on, so a wake during a read is not missed. */
function waitForWake(executionId: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const mine = waiters.get(executionId) ?? new Set<() => void>();
    const done = () => {
      clearTimeout(timer);
      mine.delete(done);
      if (mine.size === 0) waiters.delete(executionId);
      resolve();
    };
    const timer = setTimeout(done, Math.max(ms, 0));
    mine.add(done);
    waiters.set(executionId, mine);
  });
}
