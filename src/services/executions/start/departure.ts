import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '../../../errors';
import { batchWorkflowId, executionWorkflowId, isBatchId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { uuidv7 } from '../../ids';
import { claim } from './claim';
import { startBatch } from './start-batch';
import { type Startable, startExecution } from './start-execution';

/** One execution on its way to its start. */
export interface Traveller {
  execution: Startable;
  /** By the instance's setting its actions have activities of their own, so it shares no batch. */
  isAlone: boolean;
  /** A caller waits, who is refused rather than kept waiting while a server is away. */
  isAwaited: boolean;
  started(): void;
  failed(error: unknown): void;
}

export interface DepartureHooks {
  /** A server is away: the error; null when it is there again. */
  onAway(error: unknown): void;
  /** It will not run because of this start: it failed, or another process has it. */
  onLeft(traveller: Traveller): void;
}

const AGAIN_AFTER_MS = 1000;

/**
 * Starts executions: those that may share go into one batch, the others get drivers of their own; `leastSharing`: from
 * how many on. Tries again while a server is away, for those that nobody waits for; what is dropped in the end is left
 * to the sweeper.
 */
export async function depart(
  deps: Deps,
  { travellers, leastSharing }: { travellers: readonly Traveller[]; leastSharing: number },
  hooks: DepartureHooks,
  stopping: AbortSignal,
): Promise<void> {
  const sharing = travellers.filter(({ isAlone }) => !isAlone);
  const isShared = sharing.length >= leastSharing;
  const single = isShared ? travellers.filter(({ isAlone }) => isAlone) : travellers;
  const groups = single.map((traveller) => ({
    workflowId: executionWorkflowId(traveller.execution._id),
    members: [traveller],
  }));
  if (isShared && sharing.length > 0)
    groups.push({ workflowId: batchWorkflowId(uuidv7()), members: sharing });
  await Promise.all(groups.map(({ workflowId, members }) => run(deps, workflowId, members, hooks, stopping)));
}

async function run(
  deps: Deps,
  workflowId: string,
  travellers: Traveller[],
  hooks: DepartureHooks,
  stopping: AbortSignal,
): Promise<void> {
  let left = travellers;
  let isFirst = true;
  const drop = (dropped: Traveller[], settle: (traveller: Traveller) => void) => {
    for (const traveller of dropped) {
      hooks.onLeft(traveller);
      settle(traveller);
    }
    left = left.filter((traveller) => !dropped.includes(traveller));
  };
  while (left.length > 0 && !stopping.aborted) {
    try {
      if (!isFirst || !isBatchId(workflowId) || !areNew(deps, left)) {
        const mine = await claimed(deps, workflowId, left);
        drop(
          left.filter(({ execution }) => !mine.has(execution._id)),
          (traveller) => traveller.started(),
        );
      }
      isFirst = false;
      if (left.length > 0) await start(deps, workflowId, left);
      hooks.onAway(null);
      for (const traveller of left) traveller.started();
      return;
    } catch (error) {
      const willHeal = isOutage(error);
      if (willHeal) hooks.onAway(error);
      drop(willHeal ? left.filter(({ isAwaited }) => isAwaited) : left, (traveller) =>
        traveller.failed(error),
      );
      await sleep(AGAIN_AFTER_MS, undefined, { ref: false });
    }
  }
}

/** Any other fault would come again: what is stored is left to the sweeper. */
function isOutage(error: unknown): boolean {
  if (isAppError(error)) return error.code === 'dependency_unavailable';
  return error instanceof Error && error.name.startsWith('Mongo');
}

/**
 * No sweeper looks for them yet, so their batch may claim them when it begins, by the same write. Should that take so long
 * that a sweeper does, the batch that begins first has them.
 */
function areNew({ env }: Deps, travellers: readonly Traveller[]): boolean {
  const sinceMs = Date.now() - env.TENON_SWEEP_AFTER_SECONDS * 500;
  return travellers.every(
    ({ execution: { workflowId, acceptedAt } }) =>
      workflowId === null && acceptedAt !== undefined && acceptedAt.getTime() > sinceMs,
  );
}

/** Those that are this workflow's own: an execution that was stored with its workflow needs no claim. */
async function claimed(deps: Deps, workflowId: string, travellers: Traveller[]): Promise<Set<string>> {
  const own = travellers.filter(({ execution }) => execution.workflowId === workflowId);
  const free = travellers.filter(({ execution }) => execution.workflowId !== workflowId);
  const ids = own.map(({ execution }) => execution._id);
  if (free.length === 0) return new Set(ids);
  const freeIds = free.map(({ execution }) => execution._id);
  return new Set([...ids, ...(await claim(deps, freeIds, workflowId))]);
}

async function start(deps: Deps, workflowId: string, travellers: Traveller[]): Promise<void> {
  const executions = travellers.map(({ execution }) => ({ ...execution, workflowId }));
  const [first] = executions;
  if (workflowId === executionWorkflowId(first!._id)) await startExecution(deps, first!);
  else await startBatch(deps, workflowId, executions);
}
