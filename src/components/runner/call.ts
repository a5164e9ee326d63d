import type { PerformError, PerformOutcome, PerformRequest, RunnerLogLine } from './contract';

export interface CallOptions {
  /** Counted from the moment that the call begins in its runner. */
  timeoutMs: number;
  /** Aborting rejects the call with the signal's reason and gives its runner up. */
  signal?: AbortSignal;
  onLog: (line: RunnerLogLine) => void;
  /** Runs the call in a process that runs nothing else meanwhile: for a second try after `runner_died`. */
  alone?: boolean;
}

/** One call on its way: settled once, by whatever comes first. */
export class Call {
  readonly outcome: Promise<PerformOutcome>;
  isStarted = false;
  isSettled = false;
  /** It was handed to a second runner, since the first died before it began. */
  isRetried = false;
  /** Set by the runner that has it; called when the caller gives up. */
  onAbort: (() => void) | undefined;
  #resolve!: (outcome: PerformOutcome) => void;
  #reject!: (reason: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly id: number,
    readonly request: PerformRequest,
    readonly options: CallOptions,
  ) {
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
  }

  /** The call has begun: its time runs. */
  start(onTimeout: () => void): void {
    this.isStarted = true;
    this.#timer = setTimeout(onTimeout, this.options.timeoutMs);
  }

  settle(outcome: PerformOutcome): void {
    if (!this.#end()) return;
    this.#resolve(outcome);
  }

  fail(code: PerformError['code'], message: string): void {
    this.settle({ ok: false, error: { code, message } });
  }

  #abort = (): void => {
    if (!this.#end()) return;
    this.#reject(this.options.signal?.reason);
    this.onAbort?.();
  };

  #end(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    clearTimeout(this.#timer);
    this.options.signal?.removeEventListener('abort', this.#abort);
    return true;
  }
}
