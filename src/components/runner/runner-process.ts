import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Call } from './call';
import type { FromRunner, ToRunner } from './contract';
import { type Death, deathOf, outOfMemory } from './death';

const START_LIMIT_MS = 30_000;
const PING_LIMIT_MS = 1_000;
/** How long output is waited for that a dead process left behind. */
const DRAIN_LIMIT_MS = 500;
const KEPT_OUTPUT = 8_192;

export interface RunnerOptions {
  entry: string;
  memoryMb: number;
  denyAddresses: string[];
  onOutput: (text: string) => void;
}

export interface RunnerHooks {
  /** It takes no further calls; it ends when those that it has are done. */
  onRetired: (runner: RunnerProcess) => void;
  onDeath: (runner: RunnerProcess, death: Death) => void;
}

/** One child process and the calls in it. */
export class RunnerProcess {
  readonly calls = new Map<number, Call>();
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  isReady = false;
  isRetired = false;
  /** It did not answer the last ping: something in it blocks. */
  isBlocked = false;
  /** Kept for a call that must run alone. */
  isReserved = false;
  readonly #options: RunnerOptions;
  readonly #hooks: RunnerHooks;
  readonly #child: ChildProcess;
  #output = '';
  #death: Death | undefined;
  #isPinged = false;
  #startTimer: NodeJS.Timeout;

  constructor(options: RunnerOptions, hooks: RunnerHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#child = fork(options.entry, [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${options.memoryMb}`],
      // Nothing of the worker's environment: it holds keys and addresses.
      env: { NODE_ENV: 'production', TZ: 'UTC' },
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#startTimer = setTimeout(
      () => this.#kill(`did not start within ${START_LIMIT_MS} ms`),
      START_LIMIT_MS,
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#keepOutput(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#keepOutput(chunk));
    this.#child.on('message', (message: FromRunner) => this.#receive(message));
    this.gone = this.#watchEnd();
    this.#send({ type: 'init', denyAddresses: options.denyAddresses });
  }

  run(call: Call): void {
    this.calls.set(call.id, call);
    call.onAbort = () => this.#giveUp(call, 'a step was cancelled');
    try {
      this.#send({ type: 'perform', id: call.id, request: call.request });
    } catch (error) {
      // Nothing was written: what cannot be serialized is this call's fault, and leaves the process as it was.
      this.calls.delete(call.id);
      const reason = error instanceof Error ? error.message : String(error);
      call.fail('component_error', `The step's inputs cannot be handed to its process: ${reason}`);
    }
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

  /** Asks for a sign of life; without one since the last time it counts as blocked. */
  ping(): void {
    if (this.#isPinged) this.isBlocked = true;
    else this.#send({ type: 'ping' });
    this.#isPinged = true;
  }

  #receive(message: FromRunner): void {
    if (message.type === 'ready') {
      this.isReady = true;
      clearTimeout(this.#startTimer);
    } else if (message.type === 'pong') {
      this.#isPinged = false;
      this.isBlocked = false;
      this.#checkMemory(message.rssBytes / 2 ** 20);
    } else if (message.type === 'spoiled') {
      this.retire();
    } else {
      const call = this.calls.get(message.id);
      if (call !== undefined) this.#progress(call, message);
    }
  }

  #progress(call: Call, message: Extract<FromRunner, { id: number }>): void {
    if (message.type === 'started') {
      call.start(() => {
        call.fail('timeout', `The step did not finish within ${call.options.timeoutMs} ms.`);
        this.#giveUp(call, 'another step in it did not finish in time');
      });
    } else if (message.type === 'log') {
      call.options.onLog(message.line);
    } else {
      this.calls.delete(call.id);
      call.settle(message.outcome);
      if (this.isRetired) this.retire();
    }
  }

  /** The caller no longer waits, but the code still runs: the process goes, its other calls may finish. */
  #giveUp(call: Call, reason: string): void {
    this.calls.delete(call.id);
    this.retire();
    if (this.calls.size === 0) return;
    this.#isPinged = false;
    this.ping();
    setTimeout(() => this.#isPinged && this.#kill(`stopped answering; ${reason}`), PING_LIMIT_MS);
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

  #send(message: ToRunner): void {
    // A failed write means that the process is going; its end settles what it had.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #keepOutput(chunk: Buffer): void {
    const text = chunk.toString('utf8');
    this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    this.#options.onOutput(text);
  }

  async #watchEnd(): Promise<void> {
    const child = this.#child;
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('error', (error) => {
        this.#death ??= { code: 'runner_died', reason: `the runner process failed: ${error.message}` };
        if (child.pid === undefined) resolve([null, null]);
      });
      child.once('exit', (code, killer) => resolve([code, killer]));
    });
    this.isRetired = true;
    clearTimeout(this.#startTimer);
    // Messages that it sent at the end, and what it printed, come after its exit.
    if (child.pid !== undefined)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DRAIN_LIMIT_MS);
        child.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    const { memoryMb } = this.#options;
    this.#hooks.onDeath(this, this.#death ?? deathOf({ exitCode, signal, stderr: this.#output, memoryMb }));
  }
}
