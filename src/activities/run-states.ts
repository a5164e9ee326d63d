import type { RunStates as StateObjects } from '../components/runner/contract';
import type { PlanStep } from '../engine/plan';
import { loadStates } from '../services/state/load-states';
import {
  isPersistent,
  MAX_STATE_BYTES,
  PERSISTENT_LEVELS,
  type PersistentLevel,
} from '../services/state/persistent-levels';
import { sealState } from '../services/state/sealed-state';
import { flowUsesStates, stepUsesStates } from '../services/state/uses-states';
import { writeStates } from '../services/state/write-states';
import type { StepResult } from '../store/models/step-result.model';
import { STATE_LEVELS, type StateLevel, type StateObject, type States } from '../store/output-codec';
import { restoreStates } from './restore-states';
import type { SegmentRun } from './segment-run';

interface Change {
  sealed: Buffer;
  /** Of the step that made it; null while it is not journaled. */
  recordId: string | null;
  /** Where that record keeps its states, if in a blob. */
  blobId?: string;
}

/** A level as the run has it now. */
interface Held {
  value: StateObject;
  bytes: number;
  /** As a step of this run left it; null for what was read when the run began. */
  changed: Change | null;
}

/**
 * The state objects of one run: read when it begins, changed in memory, journaled with the step that changed them,
 * and written when the run has ended well. A run without any costs nothing.
 */
export class RunStates {
  private readonly levels = new Map<StateLevel, Held>();
  /** What was there before the changes that no record tells of yet. */
  private readonly before = new Map<StateLevel, Held | undefined>();
  private readonly read = new Set<PersistentLevel>();
  private readonly begun: Promise<void> | undefined;

  constructor(private readonly run: SegmentRun) {
    const { journal, deps, environment, execution } = run;
    const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
    const isResumed = Object.keys(journal.states).length > 0;
    if (!isResumed && (!flow || !flowUsesStates(flow))) return;
    this.begun = this.begin(isResumed ? restoreStates(deps, journal.states) : null);
    // Seen where it is waited for.
    this.begun.catch(() => undefined);
  }

  /** The state objects that a step's context gets; none for a step that leaves them alone. */
  async of(step: PlanStep): Promise<Partial<StateObjects>> {
    if (!stepUsesStates(step)) return {};
    await this.begun;
    return Object.fromEntries([...this.levels].map(([level, { value }]) => [level, value]));
  }

  /** Takes over what a step changed. Answers why it cannot be kept: then nothing of it is. */
  async change(step: PlanStep, changed: Partial<StateObjects>): Promise<string | undefined> {
    const levels = STATE_LEVELS.filter((level) => changed[level] !== undefined);
    if (levels.length === 0) return undefined;
    await this.begun;
    await this.readMissing(levels.filter(isPersistent));
    const former = new Map(levels.map((level) => [level, this.levels.get(level)]));
    for (const level of levels) {
      // A step that was given none changes single keys.
      const value = stepUsesStates(step)
        ? changed[level]!
        : { ...former.get(level)?.value, ...changed[level] };
      const problem = this.put(level, value);
      if (problem === undefined) continue;
      this.restore(former);
      return problem;
    }
    for (const [level, held] of former) if (!this.before.has(level)) this.before.set(level, held);
    return undefined;
  }

  /** What the record of the step that just ran tells of the states; null when the step changed none. */
  unjournaled(path: string): States | null {
    if (this.before.size === 0) return null;
    const states: States = { recordId: `${this.run.execution._id}/${path}` };
    for (const [level, { changed }] of this.levels) {
      if (changed === null) continue;
      if (this.before.has(level) || changed.recordId === null) states[level] = changed.sealed;
      else (states.earlier ??= {})[level] = changed.recordId;
    }
    return states;
  }

  /** The record is stored. One without the states is that of a step whose result could not be kept. */
  journaled({ _id: recordId, states, statesBlobId }: StepResult): void {
    if (states === null && statesBlobId === null) return this.undo();
    for (const level of this.before.keys()) {
      const held = this.levels.get(level);
      if (!held?.changed) continue;
      held.changed.recordId = recordId;
      if (statesBlobId) held.changed.blobId = statesBlobId;
    }
    this.discardFormer();
    this.before.clear();
  }

  /** Writes the levels that the run changed and that outlive it. */
  async write(): Promise<void> {
    await this.begun;
    const written = new Map<PersistentLevel, Buffer | null>();
    for (const level of PERSISTENT_LEVELS) {
      const held = this.levels.get(level);
      if (held?.changed) written.set(level, Object.keys(held.value).length > 0 ? held.changed.sealed : null);
    }
    const { deps, execution } = this.run;
    if (written.size > 0) await writeStates(deps, execution, written, execution._id);
  }

  private async begin(restoring: ReturnType<typeof restoreStates> | null): Promise<void> {
    for (const [level, { value, sealed, recordId }] of (await restoring) ?? []) {
      this.levels.set(level, { value, bytes: sealed.length, changed: { sealed, recordId } });
      if (isPersistent(level)) this.read.add(level);
    }
    // The levels that the run has not changed yet are as they are now, also when it goes on after a wait.
    await this.readMissing(PERSISTENT_LEVELS);
  }

  private async readMissing(levels: readonly PersistentLevel[]): Promise<void> {
    const missing = levels.filter((level) => !this.read.has(level));
    if (missing.length === 0) return;
    const loaded = await loadStates(this.run.deps, this.run.execution, missing);
    for (const [level, state] of loaded) this.levels.set(level, { ...state, changed: null });
    for (const level of missing) this.read.add(level);
  }

  private put(level: StateLevel, value: StateObject): string | undefined {
    try {
      const sealed = sealState(this.run.deps, value);
      this.levels.set(level, { value, bytes: sealed.length, changed: { sealed, recordId: null } });
    } catch (error) {
      return `The step's ${level} cannot be stored: ${error instanceof Error ? error.message : String(error)}`;
    }
    const all = [...this.levels.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    if (all <= MAX_STATE_BYTES) return undefined;
    return `The states of the run cannot be stored: together they are larger than ${MAX_STATE_BYTES / 2 ** 20} MB.`;
  }

  /** Removes the blobs that no level needs any more: in a long loop they would pile up. */
  private discardFormer(): void {
    const needed = new Set([...this.levels.values()].map(({ changed }) => changed?.blobId));
    for (const held of this.before.values()) {
      const blobId = held?.changed?.blobId;
      if (blobId === undefined || needed.has(blobId)) continue;
      needed.add(blobId);
      // One that stays costs room, and nothing else.
      this.run.deps.store.blobs.discard(blobId).catch(() => undefined);
    }
  }

  private undo(): void {
    this.restore(this.before);
    this.before.clear();
  }

  private restore(former: ReadonlyMap<StateLevel, Held | undefined>): void {
    for (const [level, held] of former) {
      if (held) this.levels.set(level, held);
      else this.levels.delete(level);
    }
  }
}
