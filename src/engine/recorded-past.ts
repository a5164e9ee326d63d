import type { FlowIndex, Place, TrailEntry } from './flow-index';
import type { Past } from './scope';
import type { RecordedStep, WalkerHost } from './walker-host';

/**
 * What former walks of a run left, found by where they stopped: the step that finished last tells which iteration
 * of every open loop the run is in, and with it the record of each result that can still be read.
 */
export class RecordedPast implements Past {
  readonly isEmpty: boolean;
  readonly #trail: readonly TrailEntry[];
  /** The order up to which steps may have run. */
  readonly #reached: number;
  /** Iterations that finished loops came to, by the path of the loop's record. */
  readonly #lastIterations = new Map<string, Promise<number | undefined>>();

  constructor(
    private readonly index: FlowIndex,
    private readonly host: Pick<WalkerHost, 'recorded' | 'before'>,
    /** What former walks finished last; undefined when there were none. */
    last: RecordedStep | undefined,
  ) {
    this.isEmpty = last === undefined;
    this.#trail = last ? index.trailTo(last.path) : [];
    const stopped = this.#trail.at(-1)?.place;
    this.#reached = (stopped?.step.loop ? stopped.lastOrder : stopped?.order) ?? -1;
  }

  async find(wanted: ReadonlyMap<string, string | undefined>): Promise<Map<string, RecordedStep>> {
    const keys = new Map<string, string>();
    for (const [key, known] of wanted) {
      const path = known ?? (await this.#pathOf(key));
      if (path !== undefined) keys.set(path, key);
    }
    const records = keys.size > 0 ? await this.host.recorded([...keys.keys()]) : [];
    return new Map(records.map((record) => [keys.get(record.path)!, record]));
  }

  /** Of the record that is seen under this key; undefined where the step cannot have run. */
  async #pathOf(key: string): Promise<string | undefined> {
    const place = this.index.placeOf(key);
    if (!place || place.order > this.#reached) return undefined;
    const iterations = await this.#iterationsAround(place);
    return iterations && pathAt(place, iterations);
  }

  async #iterationsAround(place: Place): Promise<number[] | undefined> {
    if (!place.parent) return [];
    const around = await this.#iterationsAround(place.parent);
    if (!around || !place.parent.step.loop) return around;
    const open = this.#trail.find((entry) => entry.place === place.parent)?.iteration;
    const iteration = open ?? (await this.#lastIteration(place.parent, around));
    return iteration === undefined ? undefined : [...around, iteration];
  }

  #lastIteration(loop: Place, around: number[]): Promise<number | undefined> {
    const path = pathAt(loop, around);
    const known = this.#lastIterations.get(path) ?? this.#readLastIteration(loop, path);
    this.#lastIterations.set(path, known);
    return known;
  }

  /** A loop's record comes right behind that of the last step in its last iteration. */
  async #readLastIteration(loop: Place, path: string): Promise<number | undefined> {
    const before = await this.host.before(path);
    if (before === undefined) return undefined;
    return this.index.trailTo(before).find(({ place }) => place === loop)?.iteration;
  }
}

const pathAt = ({ step: { path } }: Place, iterations: readonly number[]): string =>
  iterations.length > 0 ? `${path}@${iterations.join('.')}` : path;
