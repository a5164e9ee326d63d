import { AsyncLocalStorage } from 'node:async_hooks';
import type { PerformOutcome, PerformRequest, Severity } from './contract';

/** The call that the present code belongs to. */
export interface CallScope {
  id: number;
  request: PerformRequest;
  /** Masks the secret values of the call's connections. */
  redact: (text: string) => string;
  log: (severity: Severity, message: string) => void;
  /** Ends the call; later ends are ignored. Whether this was the first. */
  settle: (outcome: PerformOutcome) => boolean;
  /** The code is what a bundle does while it loads, for this call and all that follow. */
  isLoading?: boolean;
  /** The folder of its temporary files, once it has asked for one. */
  tempFolder?: string;
  /** Nothing is made for it any more. */
  hasEnded?: boolean;
}

const storage = new AsyncLocalStorage<CallScope>();
// As it is before component code is loaded: what a call may reach hangs on it.
const getStore = storage.getStore.bind(storage);

/** The call whose code is running, however far down its asynchronous chain. */
export function currentCall(): CallScope | undefined {
  return getStore();
}

/** Runs a function as part of a call. */
export function runInCall<T>(scope: CallScope, run: () => T): T {
  return storage.run(scope, run);
}

/** Runs what a bundle does while it loads: its output and faults are the present call's, its files are not. */
export function runAsLoading<T>(load: () => T): T {
  const call = currentCall();
  return call === undefined ? load() : storage.run({ ...call, isLoading: true }, load);
}
