import type { PlanFlow } from '../../engine/plan';
import { memberExecution } from '../../services/executions/fan-out/member-execution';
import { wakeQueueIfRoom } from '../../services/executions/queue/wake-queue';
import { newerSegment } from '../../services/journal/fenced-error';
import { insertNew } from '../../store/bulk-writes';
import type { Execution, FanOut } from '../../store/models/execution.model';
import { journalRecord } from '../journal-record';
import type { RunDeps } from '../run-deps';

/** One page of what a batch trigger found. */
export interface Page {
  payload: Record<string, unknown>;
  branch: string | null;
  items: unknown[];
}

/** Where the run stands behind a page. */
export type NextPlace = Omit<FanOut, 'executions' | 'page'>;

/** Runs that are stored together. */
const AT_ONCE = 50;
/** A request's own body would be in each run: it stays there while it is small. */
const MOST_RAW_BYTES = 64 * 1024;

/**
 * Makes a run of each part of a page, and stores that the page is done. Storing it twice makes the same runs.
 * Rejects with `FencedError` when a newer segment of the trigger's run has begun.
 */
export async function storePage(
  deps: RunDeps,
  execution: Execution,
  flow: PlanFlow,
  page: Page,
  next: NextPlace,
): Promise<FanOut> {
  const number = execution.fanOut?.pages ?? 0;
  const parts = cut(page.items, flow.batch?.batchSize ?? 1);
  for (let from = 0; from < parts.length; from += AT_ONCE) {
    const members = parts.slice(from, from + AT_ONCE).map((data, at) => {
      const member = memberExecution(execution, flow, { page: number, place: from + at }, data);
      return { member, data };
    });
    const records = await Promise.all(
      members.map(({ member, data }) => triggerRecord(deps, member, flow, page, data)),
    );
    // Before the runs: one that is there has its items.
    await insertNew(deps.store.stepResults.collection, records);
    const executions = members.map(({ member }) => member);
    await insertNew(deps.store.executions.collection, executions);
    wakeQueueIfRoom(deps, executions[0]!);
  }
  const fanOut = { ...next, executions: (execution.fanOut?.executions ?? 0) + parts.length };
  const { matchedCount } = await deps.store.executions.collection.updateOne(
    { _id: execution._id as never, epoch: execution.epoch, phase: 'running' },
    { $set: { fanOut } },
  );
  if (matchedCount === 0) throw newerSegment();
  return fanOut;
}

/** Parts of a page; a part of one is the item itself. */
function cut(items: unknown[], size: number): unknown[] {
  if (size <= 1) return items;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

function triggerRecord(
  deps: RunDeps,
  member: Execution,
  { trigger }: PlanFlow,
  { payload, branch }: Page,
  data: unknown,
) {
  const own = {
    ...handedOn(payload),
    body: { ...(payload['body'] as object | undefined), data },
    executionId: member._id,
  };
  return journalRecord(deps, member, {
    step: trigger,
    position: { path: trigger.path, loopPath: '' },
    finished: { value: { data: own }, branch, error: null },
    startedAt: member.acceptedAt,
    states: null,
    attempt: 1,
    ordinal: 0,
    statesOrdinal: null,
  });
}

/** What of the trigger's payload its items' runs get. */
export function handedOn({ rawBody, paginationState: _cursor, ...rest }: Page['payload']): Page['payload'] {
  return { ...rest, ...(isSmall(rawBody) && { rawBody }) };
}

function isSmall(rawBody: unknown): boolean {
  const data = (rawBody as { data?: unknown } | undefined)?.data;
  return (data instanceof Uint8Array || typeof data === 'string') && data.length <= MOST_RAW_BYTES;
}
