import { setTimeout as sleep } from 'node:timers/promises';
import { handOver } from '../../services/executions/run/hand-over';
import type { Execution } from '../../store/models/execution.model';
import type { BatchMember, SegmentResult } from '../../temporal/contract';
import { leftWalksOf } from '../long-calls/left-walks';
import type { RunDeps } from '../run-deps';
import { toldMember, toldSteps } from './told-member';

const AGAIN_AFTER_MS = 1000;
const TRIES = 5;

interface Leaving {
  startedMs?: number;
  /** No step of it was in flight. */
  isBetweenSteps?: boolean;
  /** What it came to here. */
  result?: SegmentResult;
}

/**
 * Lets a member of a batch go on in a driver of its own. Tries for a while, so that an outage does not send
 * all of its neighbours through their own drivers; rejects then, and the batch is run again.
 */
export async function handMemberOver(
  deps: RunDeps,
  execution: Execution,
  { startedMs = Date.now(), isBetweenSteps = false, result }: Leaving = {},
): Promise<BatchMember> {
  const steps = result ? toldSteps(result) : '';
  const walkedBy = leftWalksOf(deps.store).walkerOf(execution._id);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handOver(deps, execution, { isBetweenSteps, ...(walkedBy !== undefined && { walkedBy }) });
      const left = { state: 'goes on' as const, ms: Date.now() - startedMs };
      return await toldMember(deps, execution, { ...left, ...(steps && { steps }) });
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(AGAIN_AFTER_MS);
    }
  }
}
