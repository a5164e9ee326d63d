import { isBytes, readPath } from './paths';
import type { StepValue, StepView } from './step-value';
import type { RecordedStep } from './walker-host';

export type { StepValue, StepView };

/** What inputs are resolved from. */
export interface Values {
  read(path: readonly string[]): unknown;
  configVar(key: string): unknown;
}

/** Where results are that are not in memory. */
export interface Past {
  /** No walk came before this one: what it has not run did not run. */
  readonly isEmpty: boolean;
  /** The records of these steps by key; the path is given where it is known. Steps that did not run are missing. */
  find(wanted: ReadonlyMap<string, string | undefined>): Promise<ReadonlyMap<string, RecordedStep>>;
}

/** Results that a walk holds in memory together, as stored; the others are read again when they are asked for. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What an entry costs besides its result. */
const ENTRY_BYTES = 500;

interface Entry {
  /** Absent while it is not in memory. */
  view?: StepView;
  /** Of its record; absent for a loop's present iteration, which is always in memory. */
  path?: string;
  bytes: number;
}

const NO_PAST: Past = { isEmpty: true, find: async () => new Map() };

/**
 * The values that references can reach at one moment of a run. Only what some step of the flow reads is kept, and
 * of that not more than fits: the rest is read back from the journal.
 */
export class Scope implements Values {
  /** What was used last comes last. Null: known not to be there. */
  readonly #steps = new Map<string, Entry | null>();
  #bytes = 0;

  constructor(
    readonly configVars: Readonly<Record<string, unknown>>,
    /** The keys that are worth keeping; all of them if not given. */
    private readonly readKeys?: ReadonlySet<string>,
    private readonly past: Past = NO_PAST,
  ) {}

  setResult(
    stepKey: string,
    value: StepValue,
    stored: { path?: string; bytes: number } = { bytes: 0 },
  ): void {
    this.#set(stepKey, { view: { results: resultsOf(value) }, ...stored, bytes: stored.bytes + ENTRY_BYTES });
    this.#shrink(new Set([stepKey]));
  }

  setIteration(loopKey: string, currentItem: unknown, index: number): void {
    this.#set(loopKey, { view: { currentItem, index }, bytes: 0 });
  }

  /** A result of a former walk, read when it is asked for. */
  setRecorded(stepKey: string, path: string): void {
    this.#set(stepKey, { path, bytes: 0 });
  }

  forget(stepKeys: readonly string[]): void {
    for (const key of stepKeys) this.#set(key, null);
  }

  /** Brings what these steps left into memory, as far as they ran; to be awaited before it is read. */
  async recall(stepKeys: readonly string[]): Promise<void> {
    const missing = new Map<string, string | undefined>();
    for (const key of stepKeys) {
      const entry = this.#steps.get(key);
      if (entry?.view) this.#set(key, entry);
      else if (entry) missing.set(key, entry.path);
      else if (entry === undefined && !this.past.isEmpty) missing.set(key, undefined);
    }
    if (missing.size === 0) return;
    const found = await this.past.find(missing);
    for (const key of missing.keys()) {
      const record = found.get(key);
      if (!record) {
        this.#set(key, null);
        continue;
      }
      const { path, bytes } = record;
      this.#set(key, {
        view: { results: resultsOf(await record.value()) },
        path,
        bytes: bytes + ENTRY_BYTES,
      });
    }
    this.#shrink(new Set(stepKeys));
  }

  read(path: readonly string[]): unknown {
    const [root, ...rest] = path;
    const view = root === undefined ? undefined : this.#steps.get(root)?.view;
    return rest.length === 0 ? wholeOf(view) : readPath(view, rest);
  }

  configVar(key: string): unknown {
    return Object.hasOwn(this.configVars, key) ? this.configVars[key] : undefined;
  }

  /** As it is for somebody who does not see these steps. */
  without(stepKeys: ReadonlySet<string>): Values {
    return {
      read: (path) => (path[0] !== undefined && stepKeys.has(path[0]) ? undefined : this.read(path)),
      configVar: (key) => this.configVar(key),
    };
  }

  /** Of these steps, those that have run, for code steps. */
  views(stepKeys: Iterable<string>): Record<string, StepView> {
    const views: [string, StepView][] = [];
    for (const key of stepKeys) {
      const view = this.#steps.get(key)?.view;
      if (view) views.push([key, view]);
    }
    return Object.fromEntries(views);
  }

  #set(key: string, entry: Entry | null): void {
    if (this.readKeys && !this.readKeys.has(key)) return;
    this.#bytes += (entry?.bytes ?? 0) - (this.#steps.get(key)?.bytes ?? 0);
    this.#steps.delete(key);
    if (entry !== null || !this.past.isEmpty) this.#steps.set(key, entry);
  }

  /** Lets go of what was not used for longest. */
  #shrink(needed: ReadonlySet<string>): void {
    if (this.#bytes <= MOST_BYTES) return;
    for (const [key, entry] of this.#steps) {
      if (entry?.view === undefined || entry.path === undefined || needed.has(key)) continue;
      this.#bytes -= entry.bytes;
      this.#steps.set(key, { path: entry.path, bytes: 0 });
      if (this.#bytes <= MOST_BYTES) return;
    }
  }
}

/** What a step's key alone stands for: its results, or the present item of a loop that goes on. */
const wholeOf = (view: StepView | undefined): unknown =>
  view && 'index' in view ? view.currentItem : view?.results;

/** Binary results are the pair of bytes and content type; all others the data alone. */
export function resultsOf({ data, contentType }: StepValue): unknown {
  return isBytes(data) ? { data, contentType } : data;
}
