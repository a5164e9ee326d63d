import type { ChildProcess } from 'node:child_process';
import type { NetworkRules } from '../../net/network-rules';
import { isBundlePool } from './bundle-pool';
import type { Call } from './call';
import type { FromRunner, ToRunner } from './contract';
import { type Death, deathOf, outOfMemory } from './death';
import { noteOperatorSecrets } from './operator-secrets';
import { Outbox } from './outbox';
import { patienceMs, RETIRED_AFTER_MS } from './patience';
import { type End, endOf } from './process-end';
import { ProcessOutput } from './process-output';
import type { RunnerHooks } from './runner-hooks';
import { RunnerLoad } from './runner-load';
import { SeenBundles } from './seen-bundles';
import { SignsOfLife } from './signs-of-life';
import { type RunnerPlace, spawnRunner } from './spawn-runner';
import type { StartLog } from './start-log';
import type { TempFolder } from './temp-folder';
import { ToldLines } from './told-lines';

const START_LIMIT_MS = 30_000;
const PING_LIMIT_MS = 1_000;
/** How late a call's clock may begin to run. */
const READ_STARTS_EVERY_MS = 100;

export interface RunnerOptions {
  place: RunnerPlace;
  memoryMb: number;
  onOutput: (text: string) => void;
  /** It ended by itself, or because it did not answer; what it printed is for the operator alone. */
  onCrash: (reason: string, output: string) => void;
  /** What of the network components may reach besides our own servers; absent: everything. */
  rules?: NetworkRules;
}

/** One child process and the calls in it. */
export class RunnerProcess {
  readonly calls = new Map<number, Call>();
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  isReady = false;
  isRetired = false;
  /** Kept for a call that must run alone. */
  isReserved = false;
  #isUsed = false;
  /** When it was last of use, on the monotonic clock. */
  usedAt = performance.now();
  /** When it was ready, on the same clock; infinite before. */
  readyAt = Number.POSITIVE_INFINITY;
  readonly load = new RunnerLoad();
  /** Whether it answers. A stuck one gets no calls until it does. */
  readonly life = new SignsOfLife(() => this.#outbox.add({ type: 'ping' }));
  readonly #options: RunnerOptions;
  readonly #hooks: RunnerHooks<RunnerProcess>;
  readonly #child: ChildProcess;
  readonly #starts: StartLog;
  readonly #lines: ToldLines;
  readonly #folder: TempFolder;
  readonly #bundles: SeenBundles;
  readonly #outbox = new Outbox<ToRunner>((messages) => this.#write(messages));
  readonly #output: ProcessOutput;
  #death: Death | undefined;
  #lastId = 0;
  #startTimer: NodeJS.Timeout;
  #startsTimer: NodeJS.Timeout | undefined;

  /** `pool`: whose calls it takes. */
  constructor(
    readonly pool: string,
    options: RunnerOptions,
    denyAddresses: string[],
    hooks: RunnerHooks<RunnerProcess>,
  ) {
    this.#options = options;
    this.#bundles = new SeenBundles(options.place);
    this.#hooks = hooks;
    const { child, starts, lines, folder } = spawnRunner(options.place, options.memoryMb);
    this.#child = child;
    this.#starts = starts;
    this.#lines = new ToldLines(lines, (id, line) => this.calls.get(id)?.options.onLog(line));
    this.#folder = folder;
    this.#startTimer = setTimeout(
      () => this.#kill(`did not start within ${START_LIMIT_MS} ms`),
      START_LIMIT_MS,
    );
    if (options.rules) noteOperatorSecrets(options.rules);
    this.#output = new ProcessOutput(child, options.onOutput);
    this.#child.on('message', (messages: FromRunner[]) => {
      this.life.heard();
      for (const message of messages) this.#receive(message);
    });
    this.gone = this.#watchEnd();
    this.deny(denyAddresses);
  }

  /** Says which addresses are out of bounds from now on. */
  deny(addresses: string[]): void {
    const { rules } = this.#options;
    this.#outbox.add({ type: 'deny', addresses, ...(rules && { rules }) });
  }

  /** Whether what it does can be the doing of nothing but a call that is the only one in it. */
  get isOfOneCall(): boolean {
    return this.isReserved || !this.#isUsed;
  }

  run(call: Call): void {
    this.#lastId += 1;
    call.id = this.#lastId;
    this.calls.set(call.id, call);
    this.#output.remember(call.request);
    this.#startsTimer ??= setTimeout(this.#readStartsLater, READ_STARTS_EVERY_MS);
    call.onAbort = () => this.#giveUp(call, 'a step was cancelled');
    const request = this.#bundles.asSeen(call.request);
    const ownsProcess = isBundlePool(this.pool);
    this.#outbox.add({ type: 'perform', id: call.id, request, ownsProcess }, (error) => {
      // What cannot be serialized is this call's fault, and leaves the process as it was.
      this.calls.delete(call.id);
      const reason = error instanceof Error ? error.message : String(error);
      call.fail('component_error', `The step's inputs cannot be handed to its process: ${reason}`);
      this.#settled();
      return undefined;
    });
  }

  /**
   * Whose call began last; while the process does not answer most likely the one that does not let go, since the next one
   * did not get to begin. Goes through all of its calls.
   */
  lastCustomer(): string | undefined {
    return [...this.calls.values()].findLast(({ isStarted }) => isStarted)?.options.customer;
  }

  /** Whether it was given calls of a bundle, which it has loaded then. */
  has(bundlePath: string): boolean {
    return this.#bundles.has(bundlePath);
  }

  /** Takes no further calls; kills the process when its last call is done. */
  retire(): void {
    if (!this.isRetired) {
      this.isRetired = true;
      this.#hooks.onRetired(this);
    }
    if (this.calls.size === 0) this.#kill('was retired');
  }

  /** Ends the process now, with all that runs in it. */
  end(reason: string): void {
    this.isRetired = true;
    this.#kill(reason);
  }

  /** Notices soon when it says nothing over its work, and reads what its calls have logged meanwhile. */
  listen(): void {
    this.life.listen(this.isReady && this.calls.size > 0);
    if (this.life.isSilent) this.#lines.read();
  }

  /** Asks for a sign of life; without one since the last time it counts as blocked, and later as stuck. */
  ping(): void {
    if (!this.life.isAwaited) {
      this.life.ask();
      return;
    }
    const found = this.life.look();
    if (found === 'fine') return;
    if (found === 'stuck') this.#withdraw();
    const { unansweredMs } = this.life;
    if (unansweredMs > patienceMs(this.calls.values(), this.isOfOneCall)) this.#endSilent();
    else if (unansweredMs > RETIRED_AFTER_MS) this.retire();
  }

  #endSilent(): void {
    this.#options.onCrash('the runner process stopped answering', this.#output.masked());
    this.#kill('stopped answering');
  }

  /** Gives back the calls that have not begun; a reserved process keeps its own. */
  #withdraw(): void {
    if (this.isReserved) return;
    this.#starts.withdraw(this.#lastId);
    this.#readStarts();
    const left = [...this.calls.values()].filter(({ isStarted }) => !isStarted);
    for (const { id } of left) this.calls.delete(id);
    for (const call of left) this.#hooks.onReturned(call);
  }

  #answered(): void {
    const wasStuck = this.life.isStuck;
    this.life.answered();
    if (wasStuck) this.#hooks.onIdle(this);
  }

  #receive(message: FromRunner): void {
    if (message.type === 'ready') {
      this.isReady = true;
      this.readyAt = performance.now();
      clearTimeout(this.#startTimer);
    } else if (message.type === 'pong') {
      this.#answered();
      // Half of a call is done when it has begun.
      this.load.say({ cpuMs: message.cpuMs, calls: this.#lastId - this.calls.size / 2 });
      this.#checkMemory(message.rssBytes / 2 ** 20);
    } else if (message.type === 'spoiled') {
      this.retire();
    } else if (message.type === 'log') {
      this.#lines.take(message);
    } else {
      const call = this.calls.get(message.id);
      if (call !== undefined) this.#progress(call, message);
    }
  }

  #progress(call: Call, message: Extract<FromRunner, { type: 'done' | 'moved' | 'withdrawn' }>): void {
    this.calls.delete(call.id);
    if (message.type === 'done') {
      this.#isUsed = true;
      call.settle(message.outcome);
    } else {
      call.takeBack();
      if (message.type === 'moved') this.#hooks.onMoved(call);
      else this.#hooks.onReturned(call);
    }
    this.#settled();
  }

  #settled(): void {
    this.usedAt = performance.now();
    if (this.isRetired) this.retire();
    else if (this.calls.size === 0) this.#hooks.onIdle(this);
  }

  /** Begins the time of the calls that have begun to run. */
  #readStarts(): void {
    const isComplete = this.#starts.read((id, atMs) => {
      const call = this.calls.get(id);
      if (call !== undefined) this.#begin(call, atMs);
    });
    if (!isComplete) for (const call of this.calls.values()) this.#begin(call, Date.now());
  }

  #readStartsLater = (): void => {
    this.#readStarts();
    this.#startsTimer =
      this.calls.size === 0 ? undefined : setTimeout(this.#readStartsLater, READ_STARTS_EVERY_MS);
  };

  #begin(call: Call, atMs: number): void {
    call.start(atMs, () => {
      call.fail('timeout', `The step did not finish within ${call.options.timeoutMs} ms.`);
      this.#giveUp(call, 'another step in it did not finish in time');
    });
  }

  /** The caller no longer waits, but the code still runs: the process goes, its other calls may finish. */
  #giveUp(call: Call, reason: string): void {
    // Who called learns of the end only after this.
    this.#lines.read();
    this.calls.delete(call.id);
    this.retire();
    if (this.calls.size === 0) return;
    this.life.ask();
    setTimeout(() => this.life.isAwaited && this.#kill(`stopped answering; ${reason}`), PING_LIMIT_MS);
  }

  #checkMemory(rssMb: number): void {
    const { memoryMb } = this.#options;
    // Bytes outside of the heap do not count for V8's own limit.
    if (rssMb > 2 * memoryMb + 256) this.#kill(outOfMemory(memoryMb));
    else if (rssMb > memoryMb + 64) this.retire();
  }

  #kill(cause: string | Death): void {
    this.#death ??=
      typeof cause === 'string' ? { code: 'runner_died', reason: `the runner process ${cause}` } : cause;
    this.#child.kill('SIGKILL');
  }

  #write(messages: ToRunner[]): void {
    // A failed write means that the process is going; its end settles what it had.
    if (this.#child.connected) this.#child.send(messages, ignore);
  }

  async #watchEnd(): Promise<void> {
    const child = this.#child;
    const { exitCode, signal } = await endOf(child, {
      onError: ({ message }) => {
        this.#death ??= { code: 'runner_died', reason: `the runner process failed: ${message}` };
      },
      onExit: () => {
        this.isRetired = true;
        clearTimeout(this.#startTimer);
      },
    });
    clearTimeout(this.#startsTimer);
    this.#readStarts();
    this.#starts.close();
    this.#lines.end();
    this.#hooks.onDeath(this, this.#death ?? this.#crash({ exitCode, signal }));
    await this.#folder.remove();
  }

  #crash(end: End): Death {
    const { memoryMb, onCrash } = this.#options;
    const death = deathOf({ ...end, stderr: this.#output.raw, memoryMb });
    onCrash(death.reason, this.#output.masked());
    return death;
  }
}

function ignore(): void {}
