import type { PerformError, PerformOutcome, PerformRequest, RunnerLogLine } from './contract';

export interface CallOptions {
  /** Counted from the moment that the call begins in its runner. */
  timeoutMs: number;
  /** Aborting rejects the call with the signal's reason and gives its runner up. */
  signal?: AbortSignal;
  onLog: (line: RunnerLogLine) => void;
  /** Runs the call in a process that runs nothing else meanwhile: for a second try after `runner_died`. */
  alone?: boolean;
  /** Runs the call in a process with that heap limit, MB; default: the pool's. */
  memoryMb?: number;
  /** Runs the call in processes that take no calls of any other pool, such as a customer's id; default: the shared ones. */
  pool?: string;
  /** Asked while its process does not answer: whether nobody wants the result any more, so that the process may be ended. */
  isGivenUp?: () => boolean;
  /** Whose call it is: who waits to run alone is served by turns of these; default: the pool. */
  customer?: string;
}

/** One call on its way: settled once, by whatever comes first. */
export class Call {
  readonly outcome: Promise<PerformOutcome>;
  isStarted = false;
  isSettled = false;
  /** Processes that had it and died before it began. */
  deaths = 0;
  /** Set by the runner that has it; called when the caller gives up. */
  onAbort: (() => void) | undefined;
  #resolve!: (outcome: PerformOutcome) => void;
  #reject!: (reason: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /** Its number among the calls of the process that has it. */
  id = 0;

  constructor(
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

  /** The call has begun, at a time in ms since 1970: its time runs. */
  start(atMs: number, onTimeout: () => void): void {
    if (this.isStarted || this.isSettled) return;
    this.isStarted = true;
    this.#timer = setTimeout(onTimeout, this.options.timeoutMs - (Date.now() - atMs));
  }

  /** It was not begun after all; its time counts anew. */
  takeBack(): void {
    this.isStarted = false;
    clearTimeout(this.#timer);
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
