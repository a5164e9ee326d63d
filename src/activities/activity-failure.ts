import { ApplicationFailure } from '@temporalio/common';
import { isAppError } from '../errors';

/** Faults that no further try can cure. */
const FINAL = new Set(['not_found', 'invalid_state']);

/**
 * Turns an error into a failure whose type is its code. The message stays out: it would be kept in the
 * workflow's history, which holds no secrets. Infrastructure faults stay retryable.
 */
export async function asActivityFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const type = isAppError(error) ? error.code : nameOf(error);
    throw ApplicationFailure.create({ message: type, type, nonRetryable: FINAL.has(type) });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'internal';
}
