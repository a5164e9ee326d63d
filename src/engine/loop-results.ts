import type { ListUse } from './flow-index';
import { resultsOf, type StepValue } from './scope';
import type { FinishedStep, RecordedStep, WalkerHost } from './walker-host';

/** A list that nothing reads is made for people who look at the run: only while it is this small, in bytes. */
const UNREAD_BYTES = 64 * 1024;
const UNREAD_ITEMS = 1000;
/** What a walk gathers of a list in memory; a longer one is read back from the journal at the end of the loop. */
const GATHERED_BYTES = 1024 * 1024;
/** Larger ones cannot be kept as a result. */
const MOST_BYTES = 50 * 1024 * 1024;
/** Records that are read at once. */
const CHUNK = 200;

/** The results of the last body step, iteration by iteration, as far as they are small. */
export class LoopResults {
  #gathered: unknown[] | undefined;
  #bytes = 0;
  readonly #isRead: boolean;
  /** It was too large to keep, and left out since no step names it. Known when the loop has finished. */
  isLeftOut = false;

  /** `isWhole`: the walk was there from the first iteration on. */
  constructor(
    isWhole: boolean,
    private readonly use: ListUse,
  ) {
    this.#isRead = use !== 'none';
    if (isWhole) this.#gathered = [];
  }

  add(value: StepValue, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > (this.#isRead ? GATHERED_BYTES : UNREAD_BYTES)) this.#gathered = undefined;
    this.#gathered?.push(resultsOf(value) ?? null);
  }

  /** What the loop leaves; `pathOf` gives the record of the last body step of an iteration. */
  async finish(
    host: Pick<WalkerHost, 'recorded'>,
    iterations: number,
    pathOf: (iteration: number) => string,
  ): Promise<FinishedStep> {
    if (this.#gathered) return listOf(this.#gathered);
    const isDropped = !this.#isRead && (this.#bytes > UNREAD_BYTES || iterations > UNREAD_ITEMS);
    if (isDropped) return NOTHING;
    const most = this.#isRead ? MOST_BYTES : UNREAD_BYTES;
    const results = await readBack(host, iterations, pathOf, most);
    if (results) return listOf(results);
    if (this.use === 'named') return TOO_LARGE;
    this.isLeftOut = this.use === 'possible';
    return NOTHING;
  }
}

/** Undefined where there are more bytes than that. */
async function readBack(
  host: Pick<WalkerHost, 'recorded'>,
  iterations: number,
  pathOf: (iteration: number) => string,
  most: number,
): Promise<unknown[] | undefined> {
  const results: unknown[] = [];
  let bytes = 0;
  for (let from = 0; from < iterations; from += CHUNK) {
    const count = Math.min(CHUNK, iterations - from);
    const paths = Array.from({ length: count }, (_, at) => pathOf(from + at));
    for (const record of await host.recorded(paths)) {
      bytes += record.bytes;
      if (bytes > most) return undefined;
      results.push(await resultOf(record));
    }
  }
  return results;
}

const resultOf = async (record: RecordedStep): Promise<unknown> => resultsOf(await record.value()) ?? null;

const listOf = (data: unknown[]): FinishedStep => ({ value: { data }, branch: null, error: null });

const NOTHING: FinishedStep = { value: {}, branch: null, error: null };

/** What is said of a list that is left out. */
export const LIST_LEFT_OUT =
  'The loop leaves no list of what its iterations gave: it is larger than 50 MB together, and no step names it.';

const TOO_LARGE: FinishedStep = {
  value: {},
  branch: null,
  error: {
    code: 'component_error',
    message:
      'The loop cannot list what its iterations gave: it is larger than 50 MB together; hand on references to it.',
  },
};
