import type { PlanFlow, PlanStep } from '../../../src/engine/plan';
import { type WalkEnd, walkFlow } from '../../../src/engine/walker';
import type {
  ArmedWait,
  FinishedStep,
  Position,
  RecordedStep,
  StepCall,
  Suspension,
  WalkerHost,
} from '../../../src/engine/walker-host';
import { decodeOutput, encodeOutput } from '../../../src/store/output-codec';

/** What an action of a test does. */
export type Act = (call: StepCall, host: MemoryHost) => FinishedStep;

export const done = (data?: unknown): FinishedStep => ({
  value: data === undefined ? {} : { data },
  branch: null,
  error: null,
});
export const took = (branch: string): FinishedStep => ({ value: { data: branch }, branch, error: null });
export const failed = (message = 'It failed.'): FinishedStep => ({
  value: {},
  branch: null,
  error: { code: 'component_error', message },
});

interface Recorded {
  bytes: Buffer;
  branch: string | null;
  error: FinishedStep['error'];
  loopPath: string;
  startedAt: Date;
}

/**
 * The other side of the walker's port, in memory: a journal in the stored form, so that a resumed walk sees
 * what the database would give back, and a clock that only moves when somebody waits.
 */
export class MemoryHost implements WalkerHost {
  readonly journal = new Map<string, Recorded>();
  readonly calls: StepCall[] = [];
  readonly delays: number[] = [];
  readonly warnings: string[] = [];
  /** Paths of the records that walks asked for. */
  readonly asked: string[] = [];
  /** How much larger results are said to be than they are. */
  inflation = 1;
  isAnswerAwaited = true;
  isTriggerLost = false;
  armed: ArmedWait | undefined;
  clockMs = 1_800_000_000_000;
  /** Replaced by tests that suspend at checkpoints. */
  onCheckpoint: (step: PlanStep) => Suspension | undefined = () => undefined;
  /** Replaced by tests that crash in the middle of an action. */
  onCall: () => void = () => undefined;
  onBoundary: () => Suspension | undefined = () => undefined;
  /** Replaced by tests that end or queue a run behind its trigger. */
  onTrigger: (finished: FinishedStep) => Suspension | undefined = () => undefined;
  /** Replaced by tests that crash after a record. */
  onRecorded: (path: string) => void = () => undefined;

  constructor(readonly act: Act) {}

  /** What the journal holds of a step. */
  finished(path: string): FinishedStep | undefined {
    const record = this.journal.get(path);
    return record && { value: decodeOutput(record.bytes), branch: record.branch, error: record.error };
  }

  async last(): Promise<RecordedStep | undefined> {
    const path = [...this.journal.keys()].at(-1);
    return path === undefined ? undefined : this.recordOf(path);
  }

  async recorded(paths: readonly string[]): Promise<RecordedStep[]> {
    this.asked.push(...paths);
    const wanted = new Set(paths);
    return [...this.journal.keys()].filter((path) => wanted.has(path)).map((path) => this.recordOf(path));
  }

  async before(path: string): Promise<string | undefined> {
    const paths = [...this.journal.keys()];
    return paths[paths.indexOf(path) - 1];
  }

  private recordOf(path: string): RecordedStep {
    const { bytes, branch, error, startedAt } = this.journal.get(path)!;
    const value = async () => decodeOutput(bytes);
    return { path, branch, error, startedAt, bytes: bytes.length * this.inflation, value };
  }

  boundary(): Suspension | undefined {
    return this.onBoundary();
  }

  checkpoint(step: PlanStep): Suspension | undefined {
    return this.onCheckpoint(step);
  }

  async perform(call: StepCall): Promise<FinishedStep> {
    this.calls.push(call);
    this.onCall();
    return this.act(call, this);
  }

  async record(
    _step: PlanStep,
    { path, loopPath }: Position,
    finished: FinishedStep,
    startedAt: Date,
  ): Promise<number> {
    if (this.journal.has(path)) throw new Error(`${path} was recorded twice.`);
    const { branch, error, value } = finished;
    const bytes = encodeOutput(value);
    this.journal.set(path, { bytes, branch, error, loopPath, startedAt });
    if (this.isTriggerLost) this.restoreOrder(path);
    this.onRecorded(path);
    return bytes.length * this.inflation;
  }

  async afterTrigger(finished: FinishedStep): Promise<Suspension | undefined> {
    return this.onTrigger(finished);
  }

  /** A record that was lost gets its place back. */
  private restoreOrder(path: string): void {
    const others = [...this.journal].filter(([other]) => other !== path);
    const restored = this.journal.get(path)!;
    this.journal.clear();
    this.journal.set(path, restored);
    for (const [other, record] of others) this.journal.set(other, record);
    this.isTriggerLost = false;
  }

  warn(step: PlanStep, message: string): void {
    this.warnings.push(`${step.key}: ${message}`);
  }

  armedWait(path: string): ArmedWait | undefined {
    return this.armed?.path === path ? this.armed : undefined;
  }

  nowMs(): number {
    return this.clockMs;
  }

  async delay(ms: number): Promise<void> {
    this.delays.push(ms);
    this.clockMs += ms;
  }

  /** Paths of the actions that were called, in order. */
  get paths(): string[] {
    return this.calls.map(({ position }) => position.path);
  }

  /** Keys of the actions that were called, in order, without the trigger. */
  get keys(): string[] {
    return this.calls.map(({ step }) => step.key).filter((key) => key !== 'trigger');
  }

  /** Inputs of the first call of this step. */
  inputsOf(stepKey: string): Record<string, unknown> | undefined {
    return this.calls.find(({ step }) => step.key === stepKey)?.inputs;
  }

  /** What the journal holds, decoded, by path. */
  stored(): Record<string, FinishedStep | undefined> {
    return Object.fromEntries([...this.journal.keys()].map((path) => [path, this.finished(path)]));
  }
}

/** A host whose actions do what this table says by step key; the others give nothing. */
export function hostOf(table: Record<string, FinishedStep | Act>): MemoryHost {
  return new MemoryHost((call, host) => {
    const entry = table[call.step.key];
    if (typeof entry === 'function') return entry(call, host);
    return entry ?? done();
  });
}

const MOST_SEGMENTS = 10_000;

/** Walks on through every suspension, as the driver does, to the flow's end. A crash begins a new segment too. */
export async function walkToEnd(
  flow: PlanFlow,
  host: MemoryHost,
  configVars: Record<string, unknown> = {},
): Promise<{ end: WalkEnd; suspensions: Suspension[] }> {
  const suspensions: Suspension[] = [];
  for (let segment = 0; segment < MOST_SEGMENTS; segment += 1) {
    const end = await walkFlow(flow, configVars, host).catch((error: unknown) => {
      if (error instanceof Crash) return undefined;
      throw error;
    });
    if (!end) continue;
    if (end.kind !== 'suspended') return { end, suspensions };
    suspensions.push(end.suspension);
    if (end.suspension.kind !== 'wait') continue;
    host.armed = end.suspension.wait;
    host.clockMs = Math.max(host.clockMs, end.suspension.wait.untilMs);
  }
  throw new Error(`The flow did not end within ${MOST_SEGMENTS} segments.`);
}

/** The death of the process that runs a segment. */
export class Crash extends Error {}
