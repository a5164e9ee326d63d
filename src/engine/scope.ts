import { isBytes, readPath } from './paths';

/** What a finished step left. */
export interface StepValue {
  data?: unknown;
  contentType?: string;
  statusCode?: number;
  headers?: Record<string, string>;
  /** A polling trigger found nothing new. */
  polledNoChanges?: boolean;
}

/** A step as references and code steps see it. */
export interface StepView {
  results?: unknown;
  currentItem?: unknown;
  index?: number;
}

/** The values that references can reach at one moment of a run. */
export class Scope {
  readonly #steps = new Map<string, StepView>();

  constructor(readonly configVars: Readonly<Record<string, unknown>>) {}

  /** Binary results are the pair of bytes and content type; all others the data alone. */
  setResult(stepKey: string, value: StepValue): void {
    const results = isBytes(value.data) ? { data: value.data, contentType: value.contentType } : value.data;
    this.#steps.set(stepKey, { results });
  }

  setIteration(loopKey: string, currentItem: unknown, index: number): void {
    this.#steps.set(loopKey, { currentItem, index });
  }

  forget(stepKeys: readonly string[]): void {
    for (const key of stepKeys) this.#steps.delete(key);
  }

  result(stepKey: string): unknown {
    return this.#steps.get(stepKey)?.results;
  }

  has(stepKey: string): boolean {
    return this.#steps.has(stepKey);
  }

  read(path: readonly string[]): unknown {
    const [root, ...rest] = path;
    return root === undefined ? undefined : readPath(this.#steps.get(root), rest);
  }

  configVar(key: string): unknown {
    return Object.hasOwn(this.configVars, key) ? this.configVars[key] : undefined;
  }

  /** Every step that has run, for code steps. */
  views(): Record<string, StepView> {
    return Object.fromEntries(this.#steps);
  }
}
