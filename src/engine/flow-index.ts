import type { PlanBranch, PlanFlow, PlanStep } from './plan';
import { type Reads, readsOf } from './reads';

/** Where a step stands in its flow. */
export interface Place {
  step: PlanStep;
  /** Among its siblings. */
  at: number;
  /** The step whose branch or loop it is in; absent at the root. */
  parent?: Place;
  /** Of the parent; absent in a loop's body. */
  branch?: PlanBranch;
  /** Counts the flow's steps as they stand in the file. */
  order: number;
  /** The order of the last step within this one, or its own. */
  lastOrder: number;
}

/** One step of a way from the root of a flow into it. */
export interface TrailEntry {
  place: Place;
  /** Of a loop that the way goes into. */
  iteration?: number;
}

/**
 * What reads the list of a loop's results: a step that names the loop, or the answer to a caller; only code that may
 * read everything; or nothing.
 */
export type ListUse = 'named' | 'possible' | 'none';

/** What the walker asks of a flow's shape, found out once a flow. */
export class FlowIndex {
  /** In the order of the file. */
  readonly places: readonly Place[];
  /** Keys of the steps that some step of the flow may read. */
  readonly readKeys: ReadonlySet<string>;
  readonly #byPath: ReadonlyMap<string, Place>;
  readonly #byKey: ReadonlyMap<string, Place>;
  /** In the order of the file. */
  readonly keys: readonly string[];
  readonly #listed: ReadonlyMap<PlanStep, ListUse>;
  readonly #bodyEnds: ReadonlySet<PlanStep>;
  readonly #bodyKeys = new Map<PlanStep, readonly string[]>();

  constructor({ trigger, steps }: PlanFlow) {
    this.places = [...placesOf([trigger], 0), ...placesOf(steps, subtreeSize(trigger))];
    this.#byPath = new Map(this.places.map((place) => [place.step.path, place]));
    this.#byKey = new Map(this.places.map((place) => [place.step.key, place]));
    this.keys = this.places.map(({ step }) => step.key);
    const reads = this.places.map(({ step }) => readsOf(step));
    const all = reads.some((one) => one.isAll);
    this.readKeys = new Set(all ? this.keys : reads.flatMap(({ keys }) => keys));
    this.#bodyEnds = new Set(this.places.flatMap(({ step: { loop } }) => loop?.steps.slice(-1) ?? []));
    this.#listed = listedLoops(this.places, reads);
  }

  placeOf(stepKey: string): Place | undefined {
    return this.#byKey.get(stepKey);
  }

  /** What reads the list of a loop's results; `isAnswer`: the last step's result answers a caller. */
  listUse(loop: PlanStep, isAnswer: boolean): ListUse {
    return isAnswer && this.#canBeLast(loop) ? 'named' : (this.#listed.get(loop) ?? 'none');
  }

  /** Whether the step is the last of a loop's body: what it leaves is part of the loop's results. */
  endsBody(step: PlanStep): boolean {
    return this.#bodyEnds.has(step);
  }

  /** Keys of the steps in a loop's body that something reads. */
  bodyKeys(loop: PlanStep): readonly string[] {
    const known = this.#bodyKeys.get(loop);
    if (known) return known;
    const place = this.#byPath.get(loop.path);
    const inner = place ? this.places.slice(place.order + 1, place.lastOrder + 1) : [];
    const keys = inner.map(({ step }) => step.key).filter((key) => this.readKeys.has(key));
    this.#bodyKeys.set(loop, keys);
    return keys;
  }

  /** The way to the step of a record's path, `3.loop.1@7`, with the iterations that it names. */
  trailTo(recordPath: string): TrailEntry[] {
    const { place, iterations } = this.#located(recordPath);
    const trail: TrailEntry[] = [];
    for (let next: Place | undefined = place; next; next = next.parent) trail.unshift({ place: next });
    let depth = 0;
    for (const entry of trail.slice(0, -1)) {
      if (entry.place.step.loop) entry.iteration = iterations[depth++]!;
    }
    return trail;
  }

  /** The step of a record's path; undefined where the flow has none. */
  stepAt(recordPath: string): PlanStep | undefined {
    return this.#found(recordPath)?.place.step;
  }

  #located(recordPath: string): { place: Place; iterations: number[] } {
    const found = this.#found(recordPath);
    if (!found) throw new Error(`The plan has no step ${recordPath}.`);
    return found;
  }

  #found(recordPath: string): { place: Place; iterations: number[] } | undefined {
    const whole = this.#byPath.get(recordPath);
    if (whole) return { place: whole, iterations: [] };
    // Names of branches may hold the sign too; what is behind the last one are numbers.
    const at = recordPath.lastIndexOf('@');
    const place = at < 0 ? undefined : this.#byPath.get(recordPath.slice(0, at));
    const behind = recordPath.slice(at + 1).split('.');
    return place && { place, iterations: behind.map(Number) };
  }

  /** In no loop, or the last of a loop's body that can be last itself. */
  #canBeLast(loop: PlanStep): boolean {
    const place = this.#byPath.get(loop.path);
    const outer = place && enclosingLoop(place);
    if (!outer) return true;
    return isLastOf(outer.step, loop) && this.#canBeLast(outer.step);
  }
}

const indices = new WeakMap<PlanFlow, FlowIndex>();

/** The index of a flow, made when it is asked for first. */
export function flowIndex(flow: PlanFlow): FlowIndex {
  const known = indices.get(flow) ?? new FlowIndex(flow);
  indices.set(flow, known);
  return known;
}

function placesOf(
  steps: readonly PlanStep[],
  from: number,
  within: Pick<Place, 'parent' | 'branch'> = {},
): Place[] {
  const places: Place[] = [];
  for (const [at, step] of steps.entries()) {
    const order = from + places.length;
    const place: Place = { step, at, order, lastOrder: order, ...within };
    places.push(place);
    const inner = (of: readonly PlanStep[], more: Pick<Place, 'branch'> = {}) => {
      for (const one of placesOf(of, from + places.length, { parent: place, ...more })) places.push(one);
    };
    for (const branch of step.branches ?? []) inner(branch.steps, { branch });
    if (step.loop) inner(step.loop.steps);
    place.lastOrder = from + places.length - 1;
  }
  return places;
}

function subtreeSize(step: PlanStep): number {
  const inner = [...(step.branches ?? []).flatMap(({ steps }) => steps), ...(step.loop?.steps ?? [])];
  return inner.reduce((size, one) => size + subtreeSize(one), 1);
}

/** Of the loops around a step, the innermost. */
export function enclosingLoop(place: Place): Place | undefined {
  let { parent } = place;
  while (parent && !parent.step.loop) parent = parent.parent;
  return parent;
}

const isLastOf = (loop: PlanStep, step: PlanStep): boolean => loop.loop?.steps.at(-1) === step;

/**
 * Named by a reference, read by code that runs behind the loop, or part of a list that is. Code in the loop's own body
 * sees the present item and counter alone, and code before it nothing.
 */
function listedLoops(places: readonly Place[], reads: readonly Reads[]): Map<PlanStep, ListUse> {
  const named = new Set(reads.flatMap(({ lists }) => lists));
  const lastCode = new Map(reads.flatMap(({ code = [] }, order) => code.map((key) => [key, order] as const)));
  const lastAll = reads.findLastIndex(({ isAll }) => isAll);
  const listed = new Map<PlanStep, ListUse>();
  for (const { step, parent, lastOrder } of places) {
    if (!step.loop) continue;
    const whole = parent && isLastOf(parent.step, step) ? listed.get(parent.step) : undefined;
    const isNamed = named.has(step.key) || (lastCode.get(step.key) ?? 0) > lastOrder || whole === 'named';
    if (isNamed) listed.set(step, 'named');
    else if (lastAll > lastOrder || whole) listed.set(step, 'possible');
  }
  return listed;
}
