import type { Deps } from '../../context';
import type { BoardingCall } from '../accept/origin-push';
import { MOST_MEMBERS } from './batch-size';
import { Boarding } from './boarding';
import { CrowdParts } from './crowd-parts';
import { depart, type Traveller } from './departure';
import { Lanes } from './lanes';
import { customerOf, Line } from './line';
import { untilNextBoarding, untilNextStart } from './pace';
import { Pressure } from './pressure';
import { Room } from './room';
import { type Startable, startableOf } from './start-execution';
import { Succession } from './succession';

/** With fewer executions at work, one more starts at once. */
const QUIET_BELOW = 2;
/** Batches that follow each other are begun so far apart. */
const RELAY_EVERY_MS = 300;
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

/** What is known of a start before its execution is stored. */
export type Reservation = Pick<StartRequest, 'isAlone' | 'isAwaited'> & { customerId: string | null };

/**
 * Group commit of starts. While little is going on an execution gets a driver of its own at once; while
 * others are being started, executions gather and go together, filled fairly over the customers.
 */
export class Gatherer {
  readonly #deps: Deps;
  readonly #line = new Line();
  readonly #pressure = new Pressure();
  readonly #parts = new CrowdParts();
  readonly #boarding = new Boarding();
  readonly #succession = new Succession();
  readonly #room = new Room(() => this.#fillSoon(), this.#pressure);
  readonly #stopping = new AbortController();
  readonly #lanes = new Lanes(() => this.#fillSoon());
  #departedMs = 0;
  #boardedMs = 0;
  #isFilling = false;
  #pace: NodeJS.Timeout | undefined;
  /** Why nothing could be started a moment ago. */
  #away: { error: unknown; untilMs: number } | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Takes a lane for one execution that shall start at once; false when others wait or much is going on. */
  reserve({ customerId, isAlone, isAwaited }: Reservation): boolean {
    // Who stands in the line while little is going on leaves it in this turn of the event loop.
    const isFree = this.#line.size === 0 || this.#isFilling;
    if (!isFree || !this.#isQuiet() || this.#isAway() || this.#lanes.free === 0) return false;
    if (isAwaited && !isAlone && this.#succession.isOn) return false;
    if (this.#room.left(customerId ?? '') < 1) return false;
    this.#lanes.reserve();
    return true;
  }

  /** Gives a reserved lane back, unused. */
  cancelReservation(): void {
    this.#lanes.cancel();
    this.#fillSoon();
  }

  /** Starts one for which a lane was reserved. Resolves when its workflow has been started. */
  startReserved(request: StartRequest): Promise<void> {
    return new Promise((started, failed) => {
      // Behind the acknowledgement, which a start would else hold up by a millisecond or two.
      setImmediate(() => {
        this.#lanes.cancel();
        const traveller = { ...request, started, failed };
        this.#enter([traveller]);
        this.#depart([traveller]);
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
    if (this.#line.has(execution._id)) return Promise.resolve();
    if (this.#line.size >= MOST_WAITING && !isAwaited) return Promise.resolve();
    return new Promise((started, failed) => {
      this.#line.push({ ...request, execution: startableOf(execution), started, failed });
      this.#fillSoon();
    });
  }

  /**
   * Asked by the worker of a batch that has begun. Resolves with those who go along with it, once somebody waits; with
   * none when its time is over.
   */
  board(call: BoardingCall): Promise<Traveller[]> {
    if (this.#stopping.signal.aborted) return Promise.resolve([]);
    const travellers = this.#boarding.ask(call);
    this.#fillSoon();
    return travellers;
  }

  /** The batch that these should have gone along with was not told: they wait for another one. */
  leftBehind(travellers: readonly Traveller[]): void {
    for (const traveller of travellers) {
      const { _id: executionId } = traveller.execution;
      this.#room.leave(executionId);
      this.#boarding.leave(executionId);
      this.#succession.withdraw(executionId);
      this.#line.push(traveller);
    }
    this.#fillSoon();
  }

  /**
   * These wait for their start still, as their records say: those that a worker should have taken along did not get to it,
   * and wait for another batch. A worker that comes to it nevertheless is refused by the record.
   */
  notBegun(executionIds: readonly string[]): void {
    this.leftBehind(this.#boarding.aboard(executionIds));
  }

  /** Told by a worker how late its event loop comes to what is due, in ms. */
  late(lagMs: number): void {
    this.#pressure.say(lagMs);
  }

  /** Told when executions have ended, or do nothing for now. */
  left(executionIds: readonly string[]): void {
    for (const executionId of executionIds) {
      this.#succession.leave(executionId);
      this.#room.leave(executionId);
      this.#boarding.leave(executionId);
      this.#lanes.leave(executionId);
    }
    this.#fillSoon();
  }

  /** Executions that have been at work for a while, as far as is known here. */
  slow(): string[] {
    return this.#room.slow();
  }

  stop(): void {
    this.#stopping.abort();
    this.#boarding.close();
  }

  #isQuiet(): boolean {
    return this.#room.fresh + this.#lanes.reserved < QUIET_BELOW;
  }

  /** Milliseconds until what waits may go: at once when it is much, or little is going on. */
  #waitMs(): number {
    if (this.#line.size >= MOST_MEMBERS || this.#isQuiet()) return 0;
    const { lagMs } = this.#pressure;
    const boardedAgoMs = Date.now() - this.#boardedMs;
    if (this.#boarding.room > 0) return untilNextBoarding({ sinceMs: boardedAgoMs, lagMs });
    // A worker asks again a moment after somebody went along.
    const sinceMs = Math.min(Date.now() - this.#departedMs, boardedAgoMs);
    return untilNextStart({ sinceMs, lagMs });
  }

  /** Behind what else this turn of the event loop brings, so that it goes together; or when it is time. */
  #fillSoon(): void {
    if (this.#isFilling || this.#line.size === 0) return;
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
    while (this.#lanes.free > 0 && !this.#stopping.signal.aborted) {
      if (this.#waitMs() > 0) {
        this.#fillSoon();
        return;
      }
      const isBoarding = this.#boarding.room > 0 && !this.#isRelayDue();
      const members = isBoarding ? this.#takeAboard() : this.#takeForStart();
      if (members.length === 0) return;
      // One alone has a batch too where others will go along with it.
      const isSuccession = this.#succession.isOn && members.some(({ isAwaited }) => isAwaited);
      const leastSharing = this.#isQuiet() && !isSuccession ? 2 : 1;
      this.#enter(members);
      const aboard = isBoarding ? members.filter(mayBoard) : [];
      if (aboard.length > 0) this.#board(aboard);
      const starting = members.filter((member) => !aboard.includes(member));
      if (starting.length > 0) this.#depart(starting, leastSharing);
    }
  }

  /** The batch that takes more along is about to leave: the next one is better begun before. */
  #isRelayDue(): boolean {
    if (!this.#boarding.isLast || this.#isQuiet()) return false;
    return Date.now() - this.#departedMs > RELAY_EVERY_MS;
  }

  #takeAboard(): Traveller[] {
    return this.#line.take(this.#boarding.room, (customer) => this.#room.left(customer));
  }

  #takeForStart(): Traveller[] {
    const worth = Math.min(MOST_MEMBERS, this.#pressure.mostFresh / 4);
    return this.#line.take(MOST_MEMBERS, (customer, waiting) =>
      this.#parts.of(customer, { waiting, room: this.#room.left(customer), worth }),
    );
  }

  #enter(travellers: Traveller[]): void {
    for (const traveller of travellers) {
      const { execution, isAwaited } = traveller;
      this.#boarding.leave(execution._id);
      this.#room.enter(execution._id, customerOf(traveller));
      if (isAwaited) this.#succession.enter(execution._id);
    }
  }

  #board(travellers: Traveller[]): void {
    this.#boardedMs = Date.now();
    this.#boarding.board(travellers);
  }

  #depart(travellers: Traveller[], leastSharing = 2): void {
    const isDone = this.#lanes.take(travellers.map(({ execution }) => execution._id));
    this.#departedMs = Date.now();
    const hooks = {
      onAway: (error: unknown) => this.#setAway(error),
      onLeft: ({ execution }: Traveller) => this.left([execution._id]),
    };
    void depart(this.#deps, { travellers, leastSharing }, hooks, this.#stopping.signal).finally(isDone);
  }

  #isAway(): boolean {
    return this.#away !== null && Date.now() < this.#away.untilMs;
  }

  #setAway(error: unknown): void {
    this.#away = error === null ? null : { error, untilMs: Date.now() + AWAY_MS };
    if (error === null) return;
    for (const traveller of this.#line.remove(({ isAwaited }) => isAwaited)) traveller.failed(error);
  }
}

/** What an earlier start has claimed stays with that start's workflow. */
function mayBoard({ execution, isAlone }: Traveller): boolean {
  return !isAlone && !execution.workflowId;
}
