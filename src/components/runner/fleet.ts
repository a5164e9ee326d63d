import type { Call } from './call';
import { areEnough, chooseRunner } from './choose-runner';
import type { Death } from './death';
import { mayHaveMore, mostProcesses } from './fair-share';
import { Leaving } from './leaving';
import { memoryOfPool } from './memory-pool';
import { SiblingPorts } from './network/sibling-ports';
import { type RunnerOptions, RunnerProcess } from './runner-process';

/** Between two looks at who is silent. */
const LISTEN_EVERY_MS = 100;
const PING_EVERY_TICKS = 5;
/** How often runners learn which addresses are denied now: names move, servers restart on other ports. */
const DENY_EVERY_TICKS = 200;
/** A process of a pool of its own ends when it was of no use for so long. */
const IDLE_LIMIT_MS = 120_000;
/** Processes that may fail to start in a row before one is started on demand only. */
const START_TRIES = 3;
/** Shared processes that may be stuck at a time, for each of the usual ones: others are started in their place. */
const STUCK_PER_SHARED = 3;
/** A shared process beyond those that are kept ends when it was of no use for so long. */
const EXTRA_IDLE_LIMIT_MS = 10_000;

/** The pool that everybody shares who has none of its own. */
export const SHARED = '';

export interface FleetSize {
  /** Shared processes that are there also while nothing runs. */
  kept: number;
  /** Processes of the shared pool, as long as none is stuck: those beyond the kept are started for work that needs them. */
  shared: number;
  /**
   * Processes of all other pools together: started on demand, and ended for others when idle. Those that long calls hold come
   * on top, up to {@link mostProcesses}, and so do those that one call has alone, which {@link LoneTurns} bounds.
   */
  separate: number;
}

export interface FleetHooks {
  onDeath: (runner: RunnerProcess, death: Death) => void;
  /** A call must run in a process of its bundle's own. */
  onMoved: (call: Call) => void;
  /** A call was taken back from a process that does not answer. */
  onReturned: (call: Call) => void;
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
  readonly #leaving = new Leaving();
  #failedStarts = 0;
  #ticks = 0;
  #tickedAt = performance.now();
  #tendedAt = performance.now();
  /** Calls wait for room, and it may be for a tick to make some. */
  #isWanted = false;
  #isClosed = false;

  constructor(size: FleetSize, options: RunnerOptions, denied: string[], hooks: FleetHooks) {
    this.#size = size;
    this.#options = options;
    this.#denied = denied;
    this.#siblings = new SiblingPorts(denied);
    this.#hooks = hooks;
    this.#heartbeat = setInterval(() => this.#tick(), LISTEN_EVERY_MS).unref();
    this.#fill();
  }

  /** False once several processes in a row did not start, until one does. */
  get canStart(): boolean {
    return this.#failedStarts < START_TRIES || [...this.#runners].some(({ isReady }) => isReady);
  }

  /** Whether a call of this customer seems to hold up a process that others share. Asked before each call. */
  isSuspect(customer: string): boolean {
    for (const runner of this.#runners) {
      if (!runner.life.isStuck || runner.isRetired || runner.isReserved || runner.pool === customer) continue;
      if (runner.lastCustomer() === customer) return true;
    }
    return false;
  }

  /** The process of a pool for the next call; `undefined` when there is no room for one. */
  take(pool: string, bundlePath?: string): RunnerProcess | undefined {
    const open = this.#open(pool).filter(({ life }) => !life.isStuck);
    const responsive = open.filter(({ life }) => !life.isBlocked);
    if (pool === SHARED) return this.#takeShared({ open, responsive }, bundlePath);
    const best = chooseRunner(responsive, bundlePath);
    if (best !== undefined) return best;
    if (this.#makeRoom(pool)) return this.#start(pool);
    if (open.length === 0) this.#askToLeave(pool);
    return chooseRunner(open, bundlePath);
  }

  #takeShared(
    { open, responsive }: Record<'open' | 'responsive', RunnerProcess[]>,
    bundlePath: string | undefined,
  ): RunnerProcess | undefined {
    const isShort = open.length < this.#size.shared && !areEnough(responsive);
    const extra = isShort ? this.#startExtra() : undefined;
    const usable = extra === undefined ? responsive : [...responsive, extra];
    return chooseRunner(usable.length === 0 ? open : usable, bundlePath);
  }

  /** One more shared process, while not too many are stuck. */
  #startExtra(): RunnerProcess | undefined {
    return this.#mayReplaceStuck() ? this.#start(SHARED) : undefined;
  }

  #mayReplaceStuck(): boolean {
    const stuck = [...this.#runners].filter(
      ({ pool, life, isReserved }) => pool === SHARED && life.isStuck && !isReserved,
    );
    return stuck.length < STUCK_PER_SHARED * this.#size.shared;
  }

  /** A process of a pool that nothing else runs in, the youngest one of several; kept so until {@link giveBack}. */
  takeAlone(pool: string): RunnerProcess {
    const runner = this.#open(pool).findLast(({ calls }) => calls.size === 0) ?? this.#start(pool);
    runner.isReserved = true;
    return runner;
  }

  giveBack(runner: RunnerProcess): void {
    runner.isReserved = false;
    const isExtra =
      runner.pool === SHARED
        ? this.#open(SHARED).length > this.#size.shared
        : this.#counted().length > this.#size.separate;
    if (isExtra) runner.retire();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const runner of this.#runners) runner.end('was ended, since the worker stops');
    await Promise.all([...this.#runners].map(({ gone }) => gone));
  }

  #start(pool: string): RunnerProcess {
    const options = { ...this.#options, memoryMb: memoryOfPool(pool) ?? this.#options.memoryMb };
    const runner = new RunnerProcess(pool, options, this.#deniedNow(), {
      onRetired: () => this.#changed(),
      onIdle: () => this.#hooks.onRoom(),
      onMoved: (call) => this.#hooks.onMoved(call),
      onReturned: (call) => this.#hooks.onReturned(call),
      onDeath: (dead, death) => {
        this.#runners.delete(dead);
        this.#leaving.forget(dead);
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

  /** A pool waits and has no process: the least busy one of the others takes no calls for a while, and ends when it is idle. */
  #askToLeave(heir: string): void {
    this.#isWanted = true;
    const { own, left } = this.#shareOf(heir);
    if (mayHaveMore(own, left + 1)) this.#leaving.ask(heir, this.#counted());
  }

  /** Whether one more process of a separate pool may be; ends the one that idles longest for it. */
  #makeRoom(pool: string): boolean {
    const { own, left } = this.#shareOf(pool);
    const counted = this.#counted();
    if (counted.length < this.#size.separate && mayHaveMore(own, left)) return true;
    const [longest] = counted.filter(({ calls }) => calls.size === 0).sort((a, b) => a.usedAt - b.usedAt);
    if (longest === undefined || !mayHaveMore(own, left + 1)) return false;
    longest.end('was idle');
    return true;
  }

  /** How many processes a pool has, and how many more there may be of all separate ones. */
  #shareOf(pool: string): { own: number; left: number } {
    const there = this.#separate();
    const own = there.filter((runner) => runner.pool === pool).length;
    return { own, left: mostProcesses(this.#size.separate) - there.length };
  }

  #fill(): void {
    if (this.#isClosed || !this.canStart) return;
    const kept = [...this.#runners].filter(({ pool, isRetired }) => pool === SHARED && !isRetired);
    if (!this.#mayReplaceStuck()) return;
    if (kept.length < this.#size.kept) this.#start(SHARED);
  }

  #open(pool: string): RunnerProcess[] {
    return [...this.#runners].filter(
      (runner) =>
        runner.pool === pool && !runner.isRetired && !runner.isReserved && !this.#leaving.isClosed(runner),
    );
  }

  /** The processes of separate pools that nobody has alone. */
  #separate(): RunnerProcess[] {
    return [...this.#runners].filter(
      ({ pool, isRetired, isReserved }) => pool !== SHARED && !isRetired && !isReserved,
    );
  }

  /** Those of them that take room from other pools. */
  #counted(): RunnerProcess[] {
    return this.#separate().filter((runner) => !this.#leaving.isHeld(runner));
  }

  #deniedNow(): string[] {
    return [...this.#denied, ...this.#siblings.find()];
  }

  #tick(): void {
    this.#ticks += 1;
    const now = performance.now();
    // Answers may lie here unread when this process itself was held up.
    const isLate = now - this.#tickedAt > 1.5 * LISTEN_EVERY_MS;
    this.#tickedAt = now;
    if (!isLate) for (const runner of this.#runners) runner.listen();
    if (this.#ticks % PING_EVERY_TICKS === 0) this.#tend(now);
  }

  #tend(now: number): void {
    const isDenyDue = this.#ticks % DENY_EVERY_TICKS === 0;
    const denied = isDenyDue ? this.#deniedNow() : [];
    const isLate = now - this.#tendedAt > 1.5 * PING_EVERY_TICKS * LISTEN_EVERY_MS;
    this.#tendedAt = now;
    for (const runner of this.#runners) {
      const isAsked = runner.isReady && (runner.calls.size > 0 || runner.life.isBlocked);
      if (isAsked && !isLate) runner.ping();
      if (isDenyDue) runner.deny(denied);
      const isIdle = runner.calls.size === 0 && !runner.isReserved && now - runner.usedAt > IDLE_LIMIT_MS;
      if (runner.pool !== SHARED && isIdle) runner.retire();
    }
    this.#tendShared(now);
    this.#leaving.look();
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#hooks.onRoom();
  }

  /** Starts a shared process when none answers, before somebody waits for it; ends one that is no longer needed. */
  #tendShared(now: number): void {
    const open = this.#open(SHARED);
    const answering = open.filter(({ life }) => !life.isStuck);
    if (open.length > 0 && answering.length === 0 && this.canStart) this.#startExtra();
    if (answering.length <= this.#size.kept) return;
    // The first one is the one that most calls go to.
    answering
      .findLast(({ calls, usedAt }) => calls.size === 0 && now - usedAt > EXTRA_IDLE_LIMIT_MS)
      ?.retire();
  }
}
