import { setTimeout as sleep } from 'node:timers/promises';
import { readResidentMb } from '../measure/processor-time';
import type { TenonTarget } from '../targets/tenon';

/** Resident memory at one moment of a run. */
export interface MemorySample {
  /** Of the run's step results, 0–1. */
  share: number;
  workerMb: number;
  runnersMb: number;
}

const EVERY_MS = 500;

/** Notes the memory of worker and runners while the only execution that is open goes its way. */
export function memoryOnTheWay(target: TenonTarget, results: number) {
  const samples: MemorySample[] = [];
  const state = { isStopped: false };
  const { executions, stepResults } = target.product.services.deps.store;
  const note = async () => {
    const open = await executions.findOne({ phase: { $ne: 'ended' } }, { _id: 1 }).lean();
    if (!open) return;
    const last = await stepResults
      .findOne({ executionId: open._id }, { ordinal: 1 })
      .sort({ ordinal: -1 })
      .lean();
    const mb = readResidentMb(target.resident);
    const share = last ? last.ordinal / results : 0;
    samples.push({ share, workerMb: mb['worker'] ?? 0, runnersMb: mb['runners'] ?? 0 });
  };
  const noting = async () => {
    while (!state.isStopped) {
      await note();
      await sleep(EVERY_MS);
    }
  };
  // Without these figures the run is measured all the same.
  noting().catch(() => undefined);
  return {
    samples: () => samples,
    stop: () => {
      state.isStopped = true;
    },
  };
}
