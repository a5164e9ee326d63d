import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stack traces of failures into a payload, which the codec then encrypts. Loaded by its path:
 * in the worker's and client's own thread and, as part of the workflow bundle, in the sandbox.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
