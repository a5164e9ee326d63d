import type { RecordedStep } from '../../engine/walker-host';
import { type StepResult, TRIGGER_PATH } from '../../store/models/step-result.model';
import { decodeOutput, decodeStates, type States, type StepOutput } from '../../store/output-codec';
import type { Store } from '../../store/store';

/** What an execution has done so far, as far as somebody asks: it may be very much. */
export interface Journal {
  /** Steps that have finished. */
  count: number;
  /** State objects as the last step that changed one left them. */
  states: States;
  /** The ordinal of that step; null when none did. */
  statesOrdinal: number | null;
  /** The first record is missing though later ones are there. */
  isTriggerLost: boolean;
  /** The step that finished last. */
  last: RecordedStep | undefined;
  /** Those of these steps that have finished, in that order; results kept as blobs are fetched when asked for. */
  recorded(paths: readonly string[]): Promise<RecordedStep[]>;
  /** The path of the step that finished right before this one. */
  before(path: string): Promise<string | undefined>;
}

type Readers = Pick<Journal, 'recorded' | 'before'>;

/** Where an execution stands, without its states. */
export type JournalEnd = Pick<Journal, 'last'> & Readers;

/** The journal of an execution that has not begun: nothing is read. */
export function freshJournal(store: Store, executionId: string): Journal {
  const fresh = { count: 0, states: {}, statesOrdinal: null, isTriggerLost: false, last: undefined };
  return { ...fresh, ...readersOf(store, executionId) };
}

/** Opens the journal of an execution: a few reads by index, however much it holds. */
export async function openJournal(store: Store, executionId: string): Promise<Journal> {
  const [last, trigger] = await Promise.all([
    findLast(store, executionId),
    store.stepResults.exists({ _id: `${executionId}/${TRIGGER_PATH}` }),
  ]);
  if (!last) return freshJournal(store, executionId);
  const withStates = await findStates(store, last);
  return {
    count: last.ordinal + 1,
    states: withStates ? await readStates(store, withStates) : {},
    statesOrdinal: withStates?.ordinal ?? null,
    isTriggerLost: trigger === null,
    last: withLateOutput(store, last),
    ...readersOf(store, executionId),
  };
}

/** The same for somebody who looks for results only: one read by index. */
export async function journalEnd(store: Store, executionId: string): Promise<JournalEnd> {
  const last = await findLast(store, executionId);
  return { last: last ? withLateOutput(store, last) : undefined, ...readersOf(store, executionId) };
}

/** The record of the step that finished last, without what may be large in it. */
function findLast({ stepResults }: Store, executionId: string): Promise<StepResult | null> {
  return stepResults
    .findOne({ executionId }, { output: 0, states: 0 })
    .sort({ ordinal: -1 })
    .lean<StepResult>();
}

function withLateOutput(store: Store, record: StepResult): RecordedStep {
  return recordedStep(record, async () => {
    const whole = await store.stepResults
      .findById(record._id, { output: 1, outputBlobId: 1 })
      .lean<StepResult>();
    return whole ? readOutput(store, whole) : {};
  });
}

function readersOf(store: Store, executionId: string): Readers {
  const { stepResults } = store;
  const idOf = (path: string) => `${executionId}/${path}`;
  return {
    async recorded(paths) {
      const found = await stepResults
        .find({ _id: { $in: paths.map(idOf) } }, { states: 0 })
        .lean<StepResult[]>();
      return found
        .sort((a, b) => a.ordinal - b.ordinal)
        .map((record) => recordedStep(record, () => readOutput(store, record)));
    },
    async before(path) {
      const record = await stepResults.findById(idOf(path), { ordinal: 1 }).lean<StepResult>();
      if (!record) return undefined;
      const before = await stepResults
        .findOne({ executionId, ordinal: record.ordinal - 1 }, { path: 1 })
        .lean<StepResult>();
      return before?.path;
    },
  };
}

function recordedStep(
  { path, branch, error, startedAt, outputBytes }: StepResult,
  value: RecordedStep['value'],
): RecordedStep {
  return { path, branch, error, startedAt, bytes: outputBytes, value };
}

/** The record of the step that changed a state object last. Records of a former release do not name it. */
function findStates({ stepResults }: Store, last: StepResult): Promise<StepResult | null> {
  const { executionId, statesOrdinal } = last;
  if (statesOrdinal === null) return Promise.resolve(null);
  if (statesOrdinal !== undefined)
    return stepResults.findOne({ executionId, ordinal: statesOrdinal }, { output: 0 }).lean<StepResult>();
  return stepResults
    .findOne(
      { executionId, $or: [{ states: { $ne: null } }, { statesBlobId: { $ne: null } }] },
      { output: 0 },
    )
    .sort({ ordinal: -1 })
    .lean<StepResult>();
}

async function readStates(store: Store, { states, statesBlobId }: StepResult): Promise<States> {
  const bytes = statesBlobId ? await store.blobs.get(statesBlobId) : states;
  return bytes ? decodeStates(bytes) : {};
}

async function readOutput(store: Store, record: StepResult): Promise<StepOutput> {
  const bytes = record.outputBlobId ? await store.blobs.get(record.outputBlobId) : record.output;
  return bytes ? decodeOutput(bytes) : {};
}
