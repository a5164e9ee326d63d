import { randomUUID } from 'node:crypto';
import { endWalk, keepWalks, WALK_BEAT_MS } from '../../services/executions/run/left-walk';
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
  /** Writes on the record who walks, and sees to it that a driver waits for that. */
  handOver: () => Promise<T>;
}

/** The walks of this worker that go on though their activity is over: each is in the middle of a long call. */
export class LeftWalks {
  readonly #by = randomUUID();
  readonly #store: Store;
  readonly #leases = new Map<string, WalkLease>();
  /** Those that have been found on their records. */
  readonly #known = new Set<string>();
  readonly #ends = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** This process's name on records, where it goes on with the execution, so that nobody else may. */
  walkerOf(executionId: string): string | undefined {
    return this.#leases.has(executionId) ? this.#by : undefined;
  }

  /** Takes over a walk that its activity leaves; answers what its hand-over does. Its driver is told when it is over. */
  leave<T>(deps: RunDeps, execution: Execution, { walk, lease, handOver }: LeftBehind<T>): Promise<T> {
    lease.leave();
    this.#leases.set(execution._id, lease);
    this.#timer ??= setInterval(() => void this.#beat().catch(() => undefined), WALK_BEAT_MS).unref();
    const handedOver = handOver();
    const end = this.#end(deps, execution, { walk, handedOver });
    this.#ends.add(end);
    void end.then(() => this.#ends.delete(end));
    return handedOver;
  }

  /** Resolves once all of them are over, and their drivers are told. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  async #end(
    deps: RunDeps,
    execution: Execution,
    { walk, handedOver }: { walk: Promise<SegmentResult>; handedOver: Promise<unknown> },
  ): Promise<void> {
    // A fault of the infrastructure may have come in the middle of a step.
    const [result] = await Promise.all([walk.catch(() => undefined), handedOver.catch(() => undefined)]);
    this.#forget(execution._id);
    // What fails here is left to the sweeper.
    await endWalk(deps, execution, { by: this.#by, ...(result && { told: toldOf(result) }) }).catch(
      () => undefined,
    );
  }

  #forget(executionId: string): void {
    this.#leases.delete(executionId);
    this.#known.delete(executionId);
    if (this.#leases.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Says on the records that this process lives, and learns which of them somebody else has taken since. */
  async #beat(): Promise<void> {
    const asked = [...this.#leases.keys()];
    const kept = await keepWalks({ store: this.#store }, this.#by, asked);
    for (const executionId of asked) {
      if (kept.has(executionId)) this.#known.add(executionId);
      else if (this.#known.has(executionId)) this.#leases.get(executionId)?.lose();
    }
  }
}

const toldOf = ({ steps, untoldSteps = 0 }: SegmentResult) => ({ steps, untoldSteps });

/** Those of this process. */
export const leftWalksOf = onePer((store: Store) => new LeftWalks(store));
