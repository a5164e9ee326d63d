import { readStepOutput } from '../../../src/services/executions/read/read-step-output';
import { loadStates } from '../../../src/services/state/load-states';
import { PERSISTENT_LEVELS } from '../../../src/services/state/persistent-levels';
import type { Execution } from '../../../src/store/models/execution.model';
import type { StepResult } from '../../../src/store/models/step-result.model';
import type { System } from '../system';
import type { DigestServer } from './digest-server';

/** What a run left behind, without what differs from run to run: times, ids, its own address at the service. */
export interface Outcome {
  status: string;
  error: unknown;
  stepCount: number;
  /** The journal, in the order of finishing. */
  journal: unknown[];
  states: unknown;
  /** What its steps called, in order, a call that came again at once counted once. */
  called: string[];
}

/** The outcome, and what only a disturbed run may have more of. */
export interface Finished {
  outcome: Outcome;
  calls: string[];
  /** Tries of each step, by its path. */
  attempts: Map<string, number>;
}

/** Reads what the one run of an instance left, once it has ended. Undefined while it has not. */
export async function finishedRun(
  { deps }: System,
  server: DigestServer,
  { instanceId, run }: { instanceId: string; run: string },
): Promise<Finished | undefined> {
  const { store } = deps;
  const execution = await store.executions.findOne({ instanceId, phase: 'ended' }).lean<Execution>();
  if (!execution) return undefined;
  const records = await store.stepResults
    .find({ executionId: execution._id })
    .sort({ ordinal: 1 })
    .lean<StepResult[]>();
  const journal = await Promise.all(
    records.map(async (record) => {
      const { ordinal, path, stepKey, loopPath, branch, error } = record;
      // The trigger's result names instance and execution.
      const output = path === '0' ? undefined : await readStepOutput(deps, record);
      return { ordinal, path, stepKey, loopPath, branch, error, output };
    }),
  );
  const calls = server.callsOf(run);
  const { status, error, stepCount } = execution;
  const states = Object.fromEntries(
    [...(await loadStates(deps, execution, PERSISTENT_LEVELS))].map(([level, { value }]) => [level, value]),
  );
  const outcome = { status, error, stepCount, journal, states, called: withoutRepetitions(calls) };
  const text = JSON.stringify(outcome).replaceAll(server.urlOf(run), 'TARGET');
  return {
    outcome: JSON.parse(text) as Outcome,
    calls,
    attempts: new Map(records.map(({ path, attempt }) => [path, attempt])),
  };
}

const withoutRepetitions = (calls: readonly string[]): string[] =>
  calls.filter((path, at) => path !== calls[at - 1]);
