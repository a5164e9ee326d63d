import type { Deps } from '../../src/services/context';
import { readStepOutput } from '../../src/services/executions/read/read-step-output';
import type { StepResult } from '../../src/store/models/step-result.model';

/** The last result of each step of an execution, by step key. */
export async function stepResultsOf(
  deps: Deps,
  executionId: string,
): Promise<Record<string, { data: unknown; branch: string | null; loopPath: string }>> {
  const records = await deps.store.stepResults
    .find({ executionId })
    .sort({ ordinal: 1 })
    .lean<StepResult[]>();
  const entries = await Promise.all(
    records.map(async (record) => {
      const { data } = await readStepOutput(deps, record);
      return [record.stepKey, { data, branch: record.branch, loopPath: record.loopPath }] as const;
    }),
  );
  return Object.fromEntries(entries);
}
