import { Call, type CallOptions } from './call';
import type { PerformOutcome, PerformRequest } from './contract';
import type { Death } from './death';
import { parseDenyList } from './deny-list';
import { runnerEntry } from './entry';
import { type RunnerHooks, type RunnerOptions, RunnerProcess } from './runner-process';

export type { PerformOutcome, PerformRequest, RunnerLogLine } from './contract';
export type { CallOptions };

const PING_EVERY_MS = 2_000;
/** Processes that may fail to start in a row before one is started on demand only. */
const START_TRIES = 3;

/** Runs the code of components in processes of their own. */
export interface RunnerPool {
  /**
   * Runs one call. Resolves with the outcome, good or bad; rejects only when the signal aborts, with its
   * reason, or when the pool is closed.
   */
  perform(request: PerformRequest, options: CallOptions): Promise<PerformOutcome>;
  /** Ends every process; calls that still run get `runner_died`. */
  close(): Promise<void>;
}

export interface RunnerPoolOptions {
  /** Processes that are kept. */
  size: number;
  /** Heap limit of one process. */
  memoryMb: number;
  /** Our own servers, `host:port` or socket paths: connections to them fail. */
  denyAddresses?: string[];
  /** Path of the compiled runner. */
  entry?: string;
  /** What runners print outside of any call. */
  onOutput?: (text: string) => void;
}

/** Starts a pool. Throws when the runner is not built or an address cannot be read. */
export function createRunnerPool(options: RunnerPoolOptions): RunnerPool {
  const { size, memoryMb, denyAddresses = [], onOutput = () => {} } = options;
  parseDenyList(denyAddresses);
  return new Pool(size, { entry: options.entry ?? runnerEntry(), memoryMb, denyAddresses, onOutput });
}

class Pool implements RunnerPool {
  readonly #size: number;
  readonly #runnerOptions: RunnerOptions;
  readonly #runners = new Set<RunnerProcess>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Calls that wait for a process of their own. */
  readonly #waiting: Call[] = [];
  #aloneCount = 0;
  #callCount = 0;
  #failedStarts = 0;
  #isClosed = false;

  constructor(size: number, runnerOptions: RunnerOptions) {
    this.#size = size;
    this.#runnerOptions = runnerOptions;
    this.#heartbeat = setInterval(() => this.#pingBusy(), PING_EVERY_MS).unref();
    this.#fill();
  }

  async perform(request: PerformRequest, options: CallOptions): Promise<PerformOutcome> {
    if (this.#isClosed) throw new Error('The runner pool is closed.');
    this.#callCount += 1;
    const call = new Call(this.#callCount, request, options);
    if (options.alone) this.#runAlone(call);
    else this.#dispatch(call);
    return call.outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const call of this.#waiting.splice(0))
      call.fail('runner_died', 'The step did not run: the worker stops.');
    for (const runner of this.#runners) runner.end('was ended, since the worker stops');
    await Promise.all([...this.#runners].map(({ gone }) => gone));
  }

  #dispatch(call: Call): void {
    if (call.isSettled) return;
    const open = this.#open();
    const responsive = open.filter(({ isBlocked }) => !isBlocked);
    const [first, ...rest] = responsive.length > 0 ? responsive : open;
    const idlest =
      first === undefined ? this.#start() : rest.reduce((best, next) => fewerCalls(best, next), first);
    idlest.run(call);
  }

  /** Gives the call a process that has no other, at most as many at a time as the pool is large. */
  #runAlone(call: Call): void {
    if (call.isSettled) return;
    if (this.#aloneCount >= this.#size) {
      this.#waiting.push(call);
      return;
    }
    this.#aloneCount += 1;
    const runner = this.#open().find(({ calls }) => calls.size === 0) ?? this.#start();
    runner.isReserved = true;
    runner.run(call);
    const next = () => {
      this.#aloneCount -= 1;
      runner.isReserved = false;
      if (this.#open().length > this.#size) runner.retire();
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) this.#runAlone(waiting);
    };
    call.outcome.then(next, next);
  }

  #start(): RunnerProcess {
    const hooks: RunnerHooks = {
      onRetired: () => this.#fill(),
      onDeath: (runner, death) => this.#bury(runner, death),
    };
    const runner = new RunnerProcess(this.#runnerOptions, hooks);
    this.#runners.add(runner);
    return runner;
  }

  #bury(runner: RunnerProcess, death: Death): void {
    this.#runners.delete(runner);
    this.#failedStarts = runner.isReady ? 0 : this.#failedStarts + 1;
    const calls = [...runner.calls.values()].filter(({ isSettled }) => !isSettled);
    runner.calls.clear();
    const started = calls.filter(({ isStarted }) => isStarted);
    for (const call of started) failStarted(call, started.length, death);
    for (const call of calls) if (!call.isStarted) this.#retry(call, death);
    this.#fill();
  }

  /** A call that had not begun did nothing yet: it may run elsewhere, once. */
  #retry(call: Call, { reason }: Death): void {
    if (call.isRetried || this.#isClosed) {
      call.fail('runner_died', `The step did not run: ${reason}.`);
      return;
    }
    call.isRetried = true;
    this.#runAlone(call);
  }

  #fill(): void {
    if (this.#isClosed || this.#failedStarts >= START_TRIES) return;
    const missing = this.#size - [...this.#runners].filter(({ isRetired }) => !isRetired).length;
    for (let count = 0; count < missing; count += 1) this.#start();
  }

  #open(): RunnerProcess[] {
    return [...this.#runners].filter(({ isRetired, isReserved }) => !isRetired && !isReserved);
  }

  #pingBusy(): void {
    for (const runner of this.#runners) if (runner.isReady && runner.calls.size > 0) runner.ping();
  }
}

function fewerCalls(best: RunnerProcess, next: RunnerProcess): RunnerProcess {
  return next.calls.size < best.calls.size ? next : best;
}

function failStarted(call: Call, startedCount: number, { code, reason }: Death): void {
  if (startedCount === 1) {
    const message = `The step did not finish: ${reason}.`;
    call.fail(code, message);
    return;
  }
  const others = startedCount - 1;
  const message = `The step did not finish: ${reason}. It ran ${others} other step(s), which may have caused it.`;
  call.fail('runner_died', message);
}
