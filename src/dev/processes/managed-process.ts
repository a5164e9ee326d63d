import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DevError, reasonOf } from '../dev-error';
import { lastLogLine, logSize, trimLog } from './log-file';
import { signalGroup, watchParent } from './parent-watch';
import type { ProcessRegister } from './process-register';

export interface ProcessSpec {
  /** As shown to people: "MongoDB", "worker". */
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Opens an IPC channel, whose end also tells the child that its parent is gone. */
  hasIpc?: boolean;
  /** Resolves once the process does its work; polled for at most `readyTimeoutMs`. */
  isReady: (child: ChildProcess) => Promise<boolean>;
  readyTimeoutMs: number;
  /** Time between SIGTERM and SIGKILL. */
  stopTimeoutMs: number;
  /** A better sentence for a known way to fail. */
  explainExit?: (code: number | null, lastLine: string) => string | undefined;
}

export interface Supervision {
  register: ProcessRegister;
  /** Told of deaths and restarts. */
  note: (text: string) => void;
  /** The process cannot be brought back. */
  onGivingUp: (error: DevError) => void;
}

const RESTARTS_PER_MINUTE = 5;
const MAX_LOG_BYTES = 20 * 1024 * 1024;

/**
 * A child process that is kept running until it is stopped: when it dies it is started again at once, and with
 * growing pauses when it keeps dying.
 */
export class ManagedProcess {
  readonly #spec: ProcessSpec;
  readonly #supervision: Supervision;
  readonly #deaths: number[] = [];
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #logStart = 0;
  #isStopping = false;
  #isStarting = false;

  constructor(spec: ProcessSpec, supervision: Supervision) {
    this.#spec = spec;
    this.#supervision = supervision;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is ready. Throws one sentence when it ends before, or takes too long. */
  async start(): Promise<void> {
    this.#isStopping = false;
    await this.#launch();
  }

  async #launch(): Promise<void> {
    this.#isStarting = true;
    const child = this.#spawn();
    const ended = new Promise<never>((_, reject) => {
      child.once('error', (error) =>
        reject(new DevError(`${this.#spec.name} could not be started: ${error.message}.`)),
      );
      child.once('exit', (code, signal) => reject(this.#exitError(code, signal)));
    });
    // The race below may already be over when it ends.
    ended.catch(() => undefined);
    try {
      await Promise.race([ended, this.#untilReady(child)]);
    } finally {
      this.#isStarting = false;
    }
  }

  /** Asks it to end, waits, and ends it by force when it does not. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), this.#spec.stopTimeoutMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it and its own children at once. */
  kill(): void {
    this.#isStopping = true;
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
  }

  #spawn(): ChildProcess {
    const { command, args, env, logFile, hasIpc } = this.#spec;
    trimLog(logFile, MAX_LOG_BYTES);
    this.#logStart = logSize(logFile);
    const log = openSync(logFile, 'a', 0o600);
    // Its own process group, so that Ctrl-C reaches this process alone, which then stops all in order.
    const child = spawn(command, args, {
      env,
      detached: true,
      stdio: ['ignore', log, log, ...(hasIpc === true ? (['ipc'] as const) : [])],
    });
    closeSync(log);
    this.#child = child;
    const { pid } = child;
    if (pid === undefined) return child;
    this.#supervision.register.add(this.#spec.name, pid);
    const unwatch = watchParent(pid);
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        unwatch();
        // What it started must not outlive it.
        signalGroup(pid, 'SIGKILL');
        this.#supervision.register.remove(pid);
        resolve();
        if (!this.#isStopping && !this.#isStarting) void this.#restart(signal ?? `exit code ${code}`);
      });
    });
    return child;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + this.#spec.readyTimeoutMs;
    let reason = '';
    while (Date.now() < deadline) {
      try {
        if (await this.#spec.isReady(child)) return;
      } catch (error) {
        if (error instanceof DevError) throw error;
        reason = reasonOf(error);
      }
      await delay(100);
    }
    const seconds = Math.round(this.#spec.readyTimeoutMs / 1000);
    const why = reason === '' ? '' : ` (${reason})`;
    throw new DevError(
      `${this.#spec.name} was not ready after ${seconds} s${why}; see ${this.#spec.logFile}.`,
    );
  }

  async #restart(how: string): Promise<void> {
    const now = Date.now();
    this.#deaths.push(now);
    const recent = this.#deaths.filter((time) => now - time < 60_000).length;
    if (recent > RESTARTS_PER_MINUTE) return this.#giveUp(`ended ${recent} times within a minute`);
    this.#supervision.note(`${this.#spec.name} ended (${how}); starting it again.`);
    await delay(Math.min(100 * 2 ** recent, 5_000));
    if (this.#isStopping) return;
    try {
      await this.#launch();
      this.#supervision.note(`${this.#spec.name} is back.`);
    } catch (error) {
      if (this.#isStopping) return;
      const child = this.#child;
      if (child?.exitCode === null && child.signalCode === null) {
        signalGroup(child.pid ?? 0, 'SIGKILL');
        await this.#exited;
      }
      if (!this.#isStopping) void this.#restart(reasonOf(error));
    }
  }

  #giveUp(why: string): void {
    this.#supervision.onGivingUp(new DevError(`${this.#spec.name} ${why}; see ${this.#spec.logFile}.`));
  }

  #exitError(code: number | null, signal: NodeJS.Signals | null): DevError {
    const said = lastLogLine(this.#spec.logFile, this.#logStart);
    const known = this.#spec.explainExit?.(code, said);
    if (known !== undefined) return new DevError(known);
    const how = signal === null ? `exit code ${code}` : signal;
    const last = said === '' ? '' : `: ${said}`;
    return new DevError(
      `${this.#spec.name} ended while starting (${how})${last} (log: ${this.#spec.logFile}).`,
    );
  }
}
