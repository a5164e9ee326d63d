import { ApplicationFailure } from '@temporalio/common';
import { isAppError } from '../errors';

/** Faults that no further try can cure. */
const FINAL = new Set(['not_found', 'invalid_state']);

/** Faults of our own code, which rarely heal: tried a few times, then final. */
const OWN_FAULTS = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'internal']);
const OWN_FAULT_TRIES = 5;

/**
 * Turns an error into a failure whose type is its code. The message stays out: it would be kept in the
 * workflow's history, which holds no secrets. Infrastructure faults stay retryable.
 */
export async function asActivityFailure<T>(work: () => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const type = isAppError(error) ? error.code : nameOf(error);
    const isFinal = FINAL.has(type) || (OWN_FAULTS.has(type) && attempt >= OWN_FAULT_TRIES);
    throw ApplicationFailure.create({ message: type, type, nonRetryable: isFinal });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'internal';
}
