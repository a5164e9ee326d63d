import { AppError } from '../../../errors';
import type { Execution, ExecutionError } from '../../../store/models/execution.model';
import type { StoredAnswer } from '../../../store/models/stored-exchange';
import type { Deps } from '../../context';
import { DEFAULT_ANSWER, type FlowAnswer, type SentAnswer } from './flow-answer';

/** The record is the truth; a push that got lost costs a waiting caller this long. */
const LOOK_EVERY_MS = 1000;

/** What a caller in this process waits for. */
interface Waiter {
  answer?: FlowAnswer;
  /** A push came without the answer: the record has it, or the error. */
  isToLook: boolean;
  deadlineMs?: number;
  wake?: () => void;
}

const waiters = new Map<string, Waiter>();
/** This process stops: nobody can wait here any longer. */
let isClosing = false;

/** Keeps what is pushed from now on; {@link awaitAnswer} takes it. Called before the execution is started. */
export function expectAnswer(executionId: string, deadlineMs: number): void {
  if (!waiters.has(executionId)) waiters.set(executionId, { isToLook: false, deadlineMs });
}

/** The caller does not wait any more. */
export function expectNoAnswer(executionId: string): void {
  waiters.delete(executionId);
}

/** Tells all who wait that this process stops, and that their executions go on; so it does whoever comes later. */
export function endWaiting(): void {
  isClosing = true;
  for (const waiter of waiters.values()) waiter.wake?.();
}

/** Hands a pushed answer to its caller, if one waits in this process. */
export function deliverAnswer(executionId: string, answer: FlowAnswer | undefined): void {
  const waiter = waiters.get(executionId);
  if (!waiter) return;
  if (answer) waiter.answer = answer;
  waiter.isToLook = true;
  waiter.wake?.();
}

/**
 * Waits until the execution has its answer or its end. Rejects with `answer_timeout` after the limit, and when
 * this process stops.
 */
export async function awaitAnswer(deps: Deps, executionId: string): Promise<SentAnswer> {
  const seconds = deps.env.TENON_SYNC_ANSWER_SECONDS;
  const isExpected = waiters.has(executionId);
  const waiter: Waiter = waiters.get(executionId) ?? { isToLook: false };
  const deadline = waiter.deadlineMs ?? Date.now() + seconds * 1000;
  // A second caller of the same execution waits by looking.
  if (!isExpected) waiter.isToLook = true;
  try {
    for (;;) {
      if (waiter.answer) return waiter.answer;
      if (waiter.isToLook) {
        waiter.isToLook = false;
        const answer = await readAnswer(deps, executionId);
        if (answer) return answer;
      }
      const left = isClosing ? 0 : deadline - Date.now();
      if (left <= 0) break;
      await waitForWake(waiter, Math.min(left, LOOK_EVERY_MS));
    }
  } finally {
    if (isExpected) waiters.delete(executionId);
  }
  const reason = isClosing
    ? 'This process of the server stops before the flow gave an answer'
    : `The flow gave no answer within ${seconds} s`;
  throw new AppError('answer_timeout', `${reason}; the execution goes on.`, { meta: { executionId } });
}

async function readAnswer(deps: Deps, executionId: string): Promise<SentAnswer | undefined> {
  const execution = await deps.store.executions
    .findById(executionId, { answer: 1, phase: 1, error: 1, isSynchronous: 1 })
    .lean<Pick<Execution, 'answer' | 'phase' | 'error' | 'isSynchronous'>>();
  if (!execution) throw goneError(executionId);
  if (execution.answer) return sentAnswer(deps, execution.answer);
  if (execution.phase !== 'ended') return undefined;
  if (execution.error) throw failureOf(execution.error, executionId);
  return DEFAULT_ANSWER;
}

/** Deleted with its instance, or lost by MongoDB before it was safe: nobody was told that it was accepted. */
const goneError = (executionId: string): AppError =>
  new AppError('dependency_unavailable', 'The execution was lost or deleted while its caller waited.', {
    meta: { executionId },
    retryAfterSeconds: 1,
  });

function failureOf({ code, message, httpStatus }: ExecutionError, executionId: string): AppError {
  const meta = { executionId };
  if (code === 'cancelled') return new AppError('execution_cancelled', message, { meta });
  if (httpStatus === undefined) return new AppError('component_failed', message, { meta });
  return new AppError('request_refused', message, { meta, status: httpStatus });
}

/** A stored answer, on its way to the caller. */
export async function sentAnswer(deps: Deps, answer: StoredAnswer): Promise<SentAnswer> {
  const { statusCode, contentType, headers } = answer;
  const body = answer.bodyBlobId ? await deps.store.blobs.open(answer.bodyBlobId) : answer.body;
  return { statusCode, contentType, headers, body };
}

/** Resolves at a push, or after `ms` to look at the record. */
function waitForWake(waiter: Waiter, ms: number): Promise<void> {
  if (waiter.answer || waiter.isToLook) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        waiter.isToLook = true;
        resolve();
      },
      Math.max(ms, 0),
    );
    waiter.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
