import { setTimeout as sleep } from 'node:timers/promises';
import { handOver } from '../../services/executions/run/hand-over';
import type { Execution } from '../../store/models/execution.model';
import type { BatchMember } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { leftWalksOf } from './left-walks';
import { toldMember } from './told-member';

const AGAIN_AFTER_MS = 1000;
const TRIES = 5;

/**
 * Lets a member of a batch go on in a driver of its own. Tries for a while, so that an outage does not send
 * all of its neighbours through their own drivers; rejects then, and the batch is run again.
 */
export async function handMemberOver(
  deps: RunDeps,
  execution: Execution,
  { startedMs = Date.now(), isBetweenSteps = false, steps = '' } = {},
): Promise<BatchMember> {
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
