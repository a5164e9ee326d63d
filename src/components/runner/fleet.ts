import type { Call } from './call';
import type { Death } from './death';
import { SiblingPorts } from './network/sibling-ports';
import { type RunnerOptions, RunnerProcess } from './runner-process';

const PING_EVERY_MS = 2_000;
/** How often runners learn which addresses are denied now: names move, servers restart on other ports. */
const DENY_EVERY_TICKS = 10;
/** A process of a pool of its own ends when it was of no use for so long. */
const IDLE_LIMIT_MS = 120_000;
/** Processes that may fail to start in a row before one is started on demand only. */
const START_TRIES = 3;

/** Loading a bundle blocks a process for as long as some calls of the usual kind take together. */
const LOADING_COUNTS = 4;

/** The pool that everybody shares who has none of its own. */
export const SHARED = '';

export interface FleetSize {
  /** Processes of the shared pool: kept. */
  shared: number;
  /** Processes of all other pools together: started on demand, and ended for others when idle. */
  separate: number;
}

export interface FleetHooks {
  onDeath: (runner: RunnerProcess, death: Death) => void;
  /** A call must run in a process of its bundle's own. */
  onMoved: (call: Call) => void;
  /** A process ended or has nothing to do: what waits may have room now. */
  onRoom: () => void;
}

/** The processes of all pools. */
export class Fleet {
  readonly #size: FleetSize;
  readonly #options: RunnerOptions;
  readonly #denied: string[];
  readonly #siblings: SiblingPorts;
  readonly #hooks: FleetHooks;
  readonly #runners = new Set<RunnerProcess>();
  readonly #heartbeat: NodeJS.Timeout;
  #failedStarts = 0;
  #ticks = 0;
  #isClosed = false;

  constructor(size: FleetSize, options: RunnerOptions, denied: string[], hooks: FleetHooks) {
    this.#size = size;
    this.#options = options;
    this.#denied = denied;
    this.#siblings = new SiblingPorts(denied);
    this.#hooks = hooks;
    this.#heartbeat = setInterval(() => this.#tick(), PING_EVERY_MS).unref();
    this.#fill();
  }

  /**
   * The process of a pool that has least to do, rather one that has the bundle; `undefined` when there is no room
   * for one.
   */
  take(pool: string, bundlePath?: string): RunnerProcess | undefined {
    const open = this.#open(pool);
    const responsive = open.filter(({ isBlocked }) => !isBlocked);
    const best = idlest(responsive, bundlePath);
    if (best !== undefined) return best;
    if (pool === SHARED) return idlest(open, bundlePath) ?? this.#start(pool);
    return this.#makeRoom() ? this.#start(pool) : idlest(open, bundlePath);
  }

  /** A process of a pool that nothing else runs in; kept so until {@link giveBack}. */
  takeAlone(pool: string): RunnerProcess {
    const runner = this.#open(pool).find(({ calls }) => calls.size === 0) ?? this.#start(pool);
    runner.isReserved = true;
    return runner;
  }

  giveBack(runner: RunnerProcess): void {
    runner.isReserved = false;
    const isExtra =
      runner.pool === SHARED
        ? this.#open(SHARED).length > this.#size.shared
        : this.#separate().length > this.#size.separate;
    if (isExtra) runner.retire();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const runner of this.#runners) runner.end('was ended, since the worker stops');
    await Promise.all([...this.#runners].map(({ gone }) => gone));
  }

  #start(pool: string): RunnerProcess {
    const runner = new RunnerProcess(pool, this.#options, this.#deniedNow(), {
      onRetired: () => this.#changed(),
      onIdle: () => this.#hooks.onRoom(),
      onMoved: (call) => this.#hooks.onMoved(call),
      onDeath: (dead, death) => {
        this.#runners.delete(dead);
        this.#failedStarts = dead.isReady ? 0 : this.#failedStarts + 1;
        this.#hooks.onDeath(dead, death);
        this.#changed();
      },
    });
    this.#runners.add(runner);
    return runner;
  }

  #changed(): void {
    this.#fill();
    if (!this.#isClosed) this.#hooks.onRoom();
  }

  /** Whether one more process of a separate pool may be; ends the one that idles longest for it. */
  #makeRoom(): boolean {
    const separate = this.#separate();
    if (separate.length < this.#size.separate) return true;
    const idle = separate.filter(({ calls, isReserved }) => calls.size === 0 && !isReserved);
    const [longest] = idle.sort((a, b) => a.usedAt - b.usedAt);
    longest?.end('was idle');
    return longest !== undefined;
  }

  #fill(): void {
    if (this.#isClosed || this.#failedStarts >= START_TRIES) return;
    const kept = [...this.#runners].filter(({ pool, isRetired }) => pool === SHARED && !isRetired);
    for (let count = kept.length; count < this.#size.shared; count += 1) this.#start(SHARED);
  }

  #open(pool: string): RunnerProcess[] {
    return [...this.#runners].filter(
      (runner) => runner.pool === pool && !runner.isRetired && !runner.isReserved,
    );
  }

  #separate(): RunnerProcess[] {
    return [...this.#runners].filter(({ pool, isRetired }) => pool !== SHARED && !isRetired);
  }

  #deniedNow(): string[] {
    return [...this.#denied, ...this.#siblings.find()];
  }

  #tick(): void {
    this.#ticks += 1;
    const isDenyDue = this.#ticks % DENY_EVERY_TICKS === 0;
    const denied = isDenyDue ? this.#deniedNow() : [];
    const now = performance.now();
    for (const runner of this.#runners) {
      if (runner.isReady && runner.calls.size > 0) runner.ping();
      if (isDenyDue) runner.deny(denied);
      const isIdle = runner.calls.size === 0 && !runner.isReserved && now - runner.usedAt > IDLE_LIMIT_MS;
      if (runner.pool !== SHARED && isIdle) runner.retire();
    }
  }
}

function idlest([first, ...rest]: RunnerProcess[], bundlePath?: string): RunnerProcess | undefined {
  if (first === undefined) return undefined;
  return rest.reduce(
    (best, next) => (loadOf(next, bundlePath) < loadOf(best, bundlePath) ? next : best),
    first,
  );
}

/** Calls in the process, and how many more it is worth to spare it a bundle that it has not loaded yet. */
const loadOf = (runner: RunnerProcess, bundlePath: string | undefined): number =>
  runner.calls.size + (bundlePath === undefined || runner.has(bundlePath) ? 0 : LOADING_COUNTS);
