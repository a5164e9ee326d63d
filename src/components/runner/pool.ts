import { parseDenyList } from '../../net/deny-list';
import type { NetworkRules } from '../../net/network-rules';
import { createBundleFolder, removeBundleFolder } from './bundle-folder';
import { bundlePool } from './bundle-pool';
import { Call, type CallOptions } from './call';
import { type ConfinementLevel, confinementFor } from './confinement';
import type { PerformOutcome, PerformRequest } from './contract';
import type { Death } from './death';
import { runnerEntry } from './entry';
import { Fleet, type FleetHooks, type FleetSize, SHARED } from './fleet';
import { LoneTurns } from './lone-turns';
import { memoryPool } from './memory-pool';
import type { RunnerOptions, RunnerProcess } from './runner-process';
import { removeLeftFolders } from './temp-folder';
import { isWaitingCode } from './waiting-code';

export type { PerformOutcome, PerformRequest, RunnerLogLine } from './contract';
export type { CallOptions };

/** The first of the users that runners take when the worker is root: a range that systems leave to such use. */
const FIRST_UID = 61_184;
/** A call whose processes die before it begins is handed to so many others. */
const MOST_RETRIES = 2;
const STOPS = 'The step did not run: the worker stops.';

/** Runs the code of components in processes of their own. */
export interface RunnerPool {
  /** How far its processes are kept apart, and why not further. */
  readonly confinement: { level: ConfinementLevel; reason: string };
  /** Where packages are unpacked for its processes, which may read and not list it; it is removed with the pool. */
  readonly bundleFolder: string;
  /** Whether its processes start: false once several in a row did not, until one does. */
  canStart(): boolean;
  /**
   * Runs one call. Resolves with the outcome, good or bad; rejects only when the signal aborts, with its
   * reason, or when the pool is closed.
   */
  perform(request: PerformRequest, options: CallOptions): Promise<PerformOutcome>;
  /** Ends every process; calls that still run get `runner_died`. */
  close(): Promise<void>;
}

export interface RunnerPoolOptions {
  /**
   * Processes for calls without a pool of their own: one is kept, others are started while it is full or held up. As many
   * more for calls of built-in components that run no code of a flow, as long as there are some.
   */
  size: number;
  /** Processes of all other pools together; default: as many again, at least two. A call waits for room. */
  separateSize?: number;
  /** Heap limit of one process. */
  memoryMb: number;
  /** Our own servers, `host:port`, `srv:name` or socket paths: connections to them fail. */
  denyAddresses?: string[];
  /** What of the network components may reach besides; absent: everything. */
  rules?: NetworkRules;
  /** Certificates that components trust besides the public ones: path of a PEM file. */
  caFile?: string;
  /** Path of the compiled runner. */
  entry?: string;
  /** Folders that components may read besides the program itself. */
  readPaths?: string[];
  /** The first user id that runners take, one each, and group ids alike; only root can give them. */
  uid?: number;
  /** `none` leaves runners the user and the file system of the worker. */
  confinement?: 'auto' | 'none';
  /** What runners print outside of any call, the first of it, without secrets: for the operator alone. */
  onOutput?: (text: string) => void;
  /**
   * A runner ended by itself, or because it did not answer: why, and what it printed last, with the secrets masked that it
   * was given. Several customers may share it, so this is for the operator alone.
   */
  onCrash?: (reason: string, output: string) => void;
}

/** Starts a pool. Throws when the runner is not built or an address cannot be read. */
export function createRunnerPool(options: RunnerPoolOptions): RunnerPool {
  const { size, memoryMb, denyAddresses = [], onOutput = () => {}, onCrash = () => {} } = options;
  parseDenyList(denyAddresses);
  const wish = {
    entry: options.entry ?? runnerEntry(),
    readPaths: [...(options.readPaths ?? []), ...(options.caFile === undefined ? [] : [options.caFile])],
    ...(options.caFile !== undefined && { caFile: options.caFile }),
    bundleFolder: createBundleFolder(),
    uid: options.uid ?? FIRST_UID,
    mode: options.confinement ?? 'auto',
  };
  void removeLeftFolders();
  const place = { wish, confinement: confinementFor(wish) };
  const fleetSize = { kept: 1, shared: size, separate: options.separateSize ?? Math.max(2, size) };
  return new Pool(
    fleetSize,
    { place, memoryMb, onOutput, onCrash, ...(options.rules && { rules: options.rules }) },
    denyAddresses,
  );
}

/** Where a call runs. */
interface Place {
  fleet: Fleet;
  pool: string;
}

class Pool implements RunnerPool {
  readonly confinement: { level: ConfinementLevel; reason: string };
  readonly bundleFolder: string;
  readonly #memoryMb: number;
  readonly #fleet: Fleet;
  /** Its shared processes run calls of {@link isWaitingCode} alone: what blocks, leaks or exits is elsewhere. */
  readonly #waiting: Fleet;
  readonly #lone: LoneTurns;
  /** Calls of separate pools that wait for room. */
  #queued: Call[] = [];
  /** Files of bundles that change built-in objects while they load. */
  readonly #altering = new Set<string>();
  #isClosed = false;

  constructor(size: FleetSize, options: RunnerOptions, denied: string[]) {
    const { confinement, wish } = options.place;
    this.confinement = { level: confinement.level, reason: confinement.reason };
    this.bundleFolder = wish.bundleFolder;
    this.#memoryMb = options.memoryMb;
    const hooks: FleetHooks = {
      onDeath: (runner, death) => this.#bury(runner, death),
      onRoom: () => this.#runQueued(),
      onMoved: (call) => this.#move(call),
      onReturned: (call) => this.#send(call),
    };
    this.#fleet = new Fleet(size, options, denied, hooks);
    this.#waiting = new Fleet({ ...size, kept: 0 }, options, denied, hooks);
    this.#lone = new LoneTurns(size.shared, (call) => this.#beginAlone(call));
  }

  canStart(): boolean {
    return this.#fleet.canStart && this.#waiting.canStart;
  }

  async perform(request: PerformRequest, options: CallOptions): Promise<PerformOutcome> {
    if (this.#isClosed) throw new Error('The runner pool is closed.');
    const call = new Call(request, options);
    this.#send(call);
    return call.outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const left = [...this.#lone.close(), ...this.#queued.splice(0)];
    for (const call of left) call.fail('runner_died', STOPS);
    await Promise.all([this.#fleet.close(), this.#waiting.close()]);
    await removeBundleFolder(this.bundleFolder);
  }

  #send(call: Call): void {
    const { alone, customer } = call.options;
    const place = this.#placeOf(call);
    const isSuspect = customer !== undefined && place.fleet.isSuspect(customer);
    const isLone = alone || isSuspect || call.deaths === MOST_RETRIES;
    if (this.#isClosed) call.fail('runner_died', STOPS);
    else if (isLone) this.#lone.add(call);
    else this.#dispatch(call, place);
  }

  #dispatch(call: Call, { fleet, pool }: Place): void {
    if (call.isSettled) return;
    const runner = fleet.take(pool, call.request.bundlePath);
    if (runner === undefined) this.#queued.push(call);
    else runner.run(call);
  }

  /** Calls of a bundle that changes built-in objects share no process with others, from now on. */
  #move(call: Call): void {
    const { bundlePath } = call.request;
    if (bundlePath !== undefined) this.#altering.add(bundlePath);
    this.#send(call);
  }

  #placeOf({ options, request }: Call): Place {
    const { bundlePath } = request;
    const { memoryMb = this.#memoryMb } = options;
    const owner = options.pool ?? SHARED;
    const usual = memoryMb === this.#memoryMb ? owner : memoryPool(owner, memoryMb);
    const isAltering = bundlePath !== undefined && this.#altering.has(bundlePath);
    const pool = isAltering ? bundlePool(usual, bundlePath) : usual;
    return { pool, fleet: pool === SHARED && isWaitingCode(request) ? this.#waiting : this.#fleet };
  }

  #runQueued(): void {
    if (this.#queued.length === 0) return;
    const queued = this.#queued;
    this.#queued = [];
    for (const call of queued) this.#dispatch(call, this.#placeOf(call));
  }

  #beginAlone(call: Call): () => void {
    const { fleet, pool } = this.#placeOf(call);
    const runner = fleet.takeAlone(pool);
    runner.run(call);
    return () => fleet.giveBack(runner);
  }

  #bury(runner: RunnerProcess, death: Death): void {
    const calls = [...runner.calls.values()].filter(({ isSettled }) => !isSettled);
    runner.calls.clear();
    const started = calls.filter(({ isStarted }) => isStarted);
    const isSure = started.length === 1 && runner.isOfOneCall;
    for (const call of started) {
      if (isSure) call.fail(death.code, `The step did not finish: ${death.reason}.`);
      else
        call.fail('runner_died', `The step did not finish: ${death.reason}. ${doubtOf(started.length - 1)}`);
    }
    for (const call of calls) if (!call.isStarted) this.#retry(call, death);
  }

  /**
   * A call that had not begun did nothing yet, so what killed its process is mostly another one: it runs elsewhere.
   * A second time it runs alone, and then it fails.
   */
  #retry(call: Call, { reason }: Death): void {
    call.deaths += 1;
    if (call.deaths > MOST_RETRIES || this.#isClosed)
      call.fail('runner_died', `The step did not run: ${reason}.`);
    else this.#send(call);
  }
}

function doubtOf(others: number): string {
  if (others > 0) return `It ran ${others} other step(s), which may have caused it.`;
  return 'A step that had ended before may have left behind what caused it.';
}
