import { ApplicationFailure } from '@temporalio/workflow';

/**
 * The failure that ends a workflow, with an error's code as its type. It has no stack trace: that would name the
 * driver's own lines, and nothing of the flow.
 */
export function failed(message: string, code: string): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(message, code);
  failure.stack = '';
  return failure;
}
