import { randomUUID } from 'node:crypto';
import {
  cancelledWalks,
  endWalk,
  isWalkedBy,
  keepWalks,
  WALK_BEAT_MS,
} from '../../services/executions/run/left-walk';
import { onePer } from '../../services/one-per';
import type { Execution } from '../../store/models/execution.model';
import type { Store } from '../../store/store';
import type { SegmentResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import type { WalkLease } from './walk-lease';

/** A walk whose activity does not wait for it any more. */
interface LeftBehind<T> {
  walk: Promise<SegmentResult>;
  lease: WalkLease;
  /** Writes on the record who walks, and sees to it that a driver waits for that. False where its activity goes on with it. */
  handOver: (by: string) => Promise<T>;
}

interface Left {
  lease: WalkLease;
  /** It has been found on its record. */
  isKnown: boolean;
}

/** The walks of this worker that go on though their activity is over: each is in the middle of a long call. */
export class LeftWalks {
  readonly #by = randomUUID();
  readonly #store: Store;
  readonly #left = new Map<string, Left>();
  readonly #ends = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** This process's name on records, where it goes on with the execution, so that nobody else may. */
  walkerOf(executionId: string): string | undefined {
    return this.#left.has(executionId) ? this.#by : undefined;
  }

  /** Whether it goes on with the execution here and the record says so, without which nobody would wake a driver. */
  async isLeft(executionId: string): Promise<boolean> {
    return this.#left.has(executionId) && isWalkedBy(this.#store, executionId, this.#by);
  }

  /**
   * Takes over a walk that its activity leaves; answers what its hand-over does. Its driver is told when it is over. Behind
   * a hand-over that gave false all is as it was; behind one that rejects the walk is still kept here, since half of
   * it may be done, and the activity that runs again hands it over again.
   */
  leave<T>(deps: RunDeps, execution: Execution, { walk, lease, handOver }: LeftBehind<T>): Promise<T> {
    this.#left.set(execution._id, { lease, isKnown: false });
    this.#timer ??= setInterval(() => void this.#beat().catch(() => undefined), WALK_BEAT_MS).unref();
    const isLeft = (answer?: T): boolean => {
      if (answer === false) this.#forget(execution._id);
      else lease.leave();
      return answer !== false;
    };
    const handingOver = handOver(this.#by);
    const left = handingOver.then(isLeft, () => isLeft());
    const end = this.#end(deps, execution, { walk, left });
    this.#ends.add(end);
    void end.then(() => this.#ends.delete(end));
    return left.then(() => handingOver);
  }

  /** Resolves once all of them are over, and their drivers are told. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  async #end(
    deps: RunDeps,
    execution: Execution,
    { walk, left }: { walk: Promise<SegmentResult>; left: Promise<boolean> },
  ): Promise<void> {
    if (!(await left)) return;
    // A fault of the infrastructure may have come in the middle of a step.
    const result = await walk.catch(() => undefined);
    this.#forget(execution._id);
    // What fails here is left to the sweeper.
    await endWalk(deps, execution, { by: this.#by, ...(result && { told: toldOf(result) }) }).catch(
      () => undefined,
    );
  }

  #forget(executionId: string): void {
    this.#left.delete(executionId);
    if (this.#left.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Says on the records that this process lives, and learns which of them others have taken since, or cancelled. */
  async #beat(): Promise<void> {
    const asked = [...this.#left];
    const ids = asked.map(([executionId]) => executionId);
    const kept = await keepWalks({ store: this.#store }, this.#by, ids);
    for (const [executionId, left] of asked) {
      if (kept.has(executionId)) left.isKnown = true;
      else if (left.isKnown) left.lease.lose();
    }
    for (const executionId of await cancelledWalks({ store: this.#store }, ids))
      this.#left.get(executionId)?.lease.cancel();
  }
}

const toldOf = ({ steps, untoldSteps = 0 }: SegmentResult) => ({ steps, untoldSteps });

/** Those of this process. */
export const leftWalksOf = onePer((store: Store) => new LeftWalks(store));
