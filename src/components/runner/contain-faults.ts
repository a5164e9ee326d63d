import { currentCall } from './call-scope';
import type { FromRunner } from './contract';
import { describeError } from './describe-error';
import { unchanged } from './redact-secrets';
import { afterEndOf, tellOperator } from './tell-operator';

/** Thrown by process.exit to unwind the code that called it. */
class ExitedError extends Error {}

/**
 * Keeps faults of one call from ending the others: process.exit, errors thrown outside of any promise chain
 * and rejections that nobody handles end the call that they belong to. Those of no call, and what comes after its call's
 * end, are printed for the operator.
 */
export function containFaults(send: (message: FromRunner) => void, exit: (code?: number) => never): void {
  const end = ((code?: number): never => {
    const call = currentCall();
    if (call === undefined) return exit(code);
    const message = `The code of this step called process.exit(${code ?? ''}).`;
    if (!call.settle({ ok: false, error: { code: 'exited', message } }))
      tellOperator({ message: `${afterEndOf(call.request)}: ${message}` });
    send({ type: 'spoiled', reason: 'component code called process.exit' });
    throw new ExitedError(message);
  }) as typeof process.exit;
  // process.exit of no call ends in the other one.
  const hard = process as unknown as { reallyExit: (code?: number) => never };
  const reallyExit = hard.reallyExit.bind(process);
  hard.reallyExit = (code) => (currentCall() === undefined ? reallyExit(code) : end(code));
  process.exit = end;
  process.on('uncaughtException', (error) => {
    if (error instanceof ExitedError) return;
    blame(error, 'An error was thrown outside of the promise that the step returned');
    send({ type: 'spoiled', reason: 'component code threw an error that nobody caught' });
  });
  process.on('unhandledRejection', (reason) => {
    if (reason instanceof ExitedError) return;
    blame(reason, 'A promise of this step was rejected and nobody handled it');
  });
}

function blame(thrown: unknown, what: string): void {
  const call = currentCall();
  const error = describeError(thrown, call?.redact ?? unchanged);
  const message = `${what}: ${error.message}`;
  if (call === undefined) tellOperator({ ...error, message });
  else if (!call.settle({ ok: false, error: { ...error, message } }))
    tellOperator({ ...error, message: `${afterEndOf(call.request)}: ${message}` });
}
