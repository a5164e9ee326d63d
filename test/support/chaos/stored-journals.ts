import type { Store } from '../../../src/store/store';
import { recordName } from './flows';

/** The records of each execution in their order, as `<ordinal> <name>`, by the execution's id. */
export async function storedJournals(store: Store): Promise<Record<string, string[]>> {
  const records = await store.stepResults
    .find({}, { executionId: 1, ordinal: 1, stepKey: 1, loopPath: 1 })
    .sort({ executionId: 1, ordinal: 1 })
    .lean();
  const journals: Record<string, string[]> = {};
  for (const record of records)
    (journals[record.executionId] ??= []).push(`${record.ordinal} ${recordName(record)}`);
  return journals;
}
