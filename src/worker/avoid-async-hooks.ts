import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';

/**
 * Makes an activity's context known in the part of it that runs before its first `await`, which is where ours ask for
 * it, and nowhere else. The SDK would keep it along everything asynchronous, with an abort signal for calls by a client
 * that ours do not use. It does so by `AsyncLocalStorage`, for which Node.js calls hooks at each promise of the process:
 * an eighth of a busy worker's time, and a fifth of what it allocates.
 */
export function avoidAsyncHooks(connection: NativeConnection): void {
  let present: Context | undefined;
  Object.assign(asyncLocalStorage, {
    run<T>(context: Context, begin: () => T): T {
      const before = present;
      present = context;
      try {
        return begin();
      } finally {
        present = before;
      }
    },
    getStore: () => present,
  });
  connection.withAbortSignal = (_signal, call) => call();
}
