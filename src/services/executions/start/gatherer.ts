import type { Deps } from '../../context';
import { FairQueue } from '../../fair-queue';
import { CrowdParts } from './crowd-parts';
import { depart, type Traveller } from './departure';
import { untilNextStart } from './pace';
import { Pressure } from './pressure';
import { Room } from './room';
import type { Startable } from './start-execution';

/** Executions that share one workflow at most: their ids fit a search attribute. */
const MOST_MEMBERS = 50;
/** Starts that are on their way or just begun; more would only queue at the server. */
const LANES = 4;
/** With fewer executions at work, one more starts at once. */
const QUIET_BELOW = 2;
/** A start holds its lane until what it started is done, but no longer: slow executions must not. */
const LANE_MS = 150;
/** After a failed start callers who wait are refused for so long; then one may try again. */
const AWAY_MS = 1000;
/** Executions that wait in memory; beyond, the sweeper takes them from the store. */
const MOST_WAITING = 20_000;

/** What a start is asked for. */
export interface StartRequest {
  execution: Startable;
  isAlone: boolean;
  isAwaited: boolean;
}

/**
 * Group commit of starts. While little is going on an execution gets a driver of its own at once; while
 * others are being started, executions gather and go together, filled fairly over the customers.
 */
export class Gatherer {
  readonly #deps: Deps;
  readonly #queue = new FairQueue<Traveller>();
  readonly #waitingIds = new Set<string>();
  readonly #pressure = new Pressure();
  readonly #parts = new CrowdParts();
  readonly #room = new Room(() => this.#fillSoon(), this.#pressure);
  readonly #stopping = new AbortController();
  /** For each lane in use, what it waits for. */
  readonly #lanes = new Set<Set<string>>();
  #reserved = 0;
  #departedMs = 0;
  #isFilling = false;
  #pace: NodeJS.Timeout | undefined;
  /** Why nothing could be started a moment ago. */
  #away: { error: unknown; untilMs: number } | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Takes a lane for one execution that shall start at once; false when others wait or much is going on. */
  reserve(customerId: string | null): boolean {
    const isIdle = this.#queue.size === 0 && !this.#isAway() && this.#freeLanes() > 0;
    if (!isIdle || !this.#isQuiet() || this.#room.left(keyOf(customerId)) < 1) return false;
    this.#reserved += 1;
    return true;
  }

  /** Gives a reserved lane back, unused. */
  cancelReservation(): void {
    this.#reserved -= 1;
    this.#fillSoon();
  }

  /** Starts one for which a lane was reserved. Resolves when its workflow has been started. */
  startReserved(request: StartRequest): Promise<void> {
    return new Promise((started, failed) => {
      // Behind the acknowledgement, which a start would else hold up by a millisecond or two.
      setImmediate(() => {
        this.#reserved -= 1;
        this.#depart([{ ...request, started, failed }]);
      });
    });
  }

  /**
   * Lets one wait for its turn. Resolves when it has been started, by whomever; rejects when it could not be:
   * nothing is lost then, the sweeper starts what is stored.
   */
  offer(request: StartRequest): Promise<void> {
    const { execution, isAwaited } = request;
    if (isAwaited && this.#isAway()) return Promise.reject(this.#away?.error as Error);
    if (this.#waitingIds.has(execution._id)) return Promise.resolve();
    if (this.#queue.size >= MOST_WAITING && !isAwaited) return Promise.resolve();
    return new Promise((started, failed) => {
      this.#waitingIds.add(execution._id);
      this.#queue.push(keyOf(execution.customerId), { ...request, started, failed });
      this.#fillSoon();
    });
  }

  /** Told by a worker how late its event loop comes to what is due, in ms. */
  late(lagMs: number): void {
    this.#pressure.say(lagMs);
  }

  /** Told when executions have ended, or do nothing for now. */
  left(executionIds: readonly string[]): void {
    for (const executionId of executionIds) {
      this.#room.leave(executionId);
      for (const lane of this.#lanes)
        if (lane.delete(executionId) && lane.size === 0) this.#lanes.delete(lane);
    }
    this.#fillSoon();
  }

  /** Executions that have been at work for a while, as far as is known here. */
  slow(): string[] {
    return this.#room.slow();
  }

  stop(): void {
    this.#stopping.abort();
  }

  #isQuiet(): boolean {
    return this.#room.fresh + this.#reserved < QUIET_BELOW;
  }

  /** Milliseconds until what waits may go: at once when it is much, or little is going on. */
  #waitMs(): number {
    if (this.#queue.size >= MOST_MEMBERS || this.#isQuiet()) return 0;
    return untilNextStart({ sinceMs: Date.now() - this.#departedMs, lagMs: this.#pressure.lagMs });
  }

  #freeLanes(): number {
    return LANES - this.#lanes.size - this.#reserved;
  }

  /** Behind what else this turn of the event loop brings, so that it goes together; or when it is time. */
  #fillSoon(): void {
    if (this.#isFilling || this.#queue.size === 0) return;
    clearTimeout(this.#pace);
    const waitMs = this.#waitMs();
    if (waitMs > 0) {
      this.#pace = setTimeout(() => this.#fill(), waitMs).unref();
      return;
    }
    this.#isFilling = true;
    setImmediate(() => {
      this.#isFilling = false;
      this.#fill();
    });
  }

  #fill(): void {
    while (this.#freeLanes() > 0 && !this.#stopping.signal.aborted) {
      if (this.#waitMs() > 0) {
        this.#fillSoon();
        return;
      }
      const worth = Math.min(MOST_MEMBERS, this.#pressure.mostFresh / 4);
      const members = this.#queue.take(MOST_MEMBERS, (customer, waiting) =>
        this.#parts.of(customer, { waiting, room: this.#room.left(customer), worth }),
      );
      if (members.length === 0) return;
      this.#depart(members);
    }
  }

  #depart(travellers: Traveller[]): void {
    const lane = new Set<string>();
    this.#lanes.add(lane);
    this.#departedMs = Date.now();
    for (const { execution } of travellers) {
      this.#waitingIds.delete(execution._id);
      this.#room.enter(execution._id, keyOf(execution.customerId));
      lane.add(execution._id);
    }
    const hooks = {
      onAway: (error: unknown) => this.#setAway(error),
      onLeft: ({ execution }: Traveller) => this.left([execution._id]),
    };
    void depart(this.#deps, travellers, hooks, this.#stopping.signal).finally(() => {
      setTimeout(() => {
        if (this.#lanes.delete(lane)) this.#fillSoon();
      }, LANE_MS).unref();
    });
  }

  #isAway(): boolean {
    return this.#away !== null && Date.now() < this.#away.untilMs;
  }

  #setAway(error: unknown): void {
    this.#away = error === null ? null : { error, untilMs: Date.now() + AWAY_MS };
    if (error === null) return;
    for (const traveller of this.#queue.remove(({ isAwaited }) => isAwaited)) {
      this.#waitingIds.delete(traveller.execution._id);
      traveller.failed(error);
    }
  }
}

function keyOf(customerId: string | null): string {
  return customerId ?? '';
}
