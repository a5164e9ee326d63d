import type { RunStates } from '../../components/runner/contract';
import type { PlanFlow } from '../../engine/plan';
import type { FinishedStep, Suspension } from '../../engine/walker-host';
import { openState, sealState } from '../../services/state/sealed-state';
import type { FanOut } from '../../store/models/execution.model';
import { decodeOutput, encodeOutput } from '../../store/output-codec';
import type { SegmentHost } from '../segment-host';
import { branchOf } from '../step-outcome';
import { triggerPayload } from '../trigger-payload';
import { callTrigger, TriggerFailed } from './call-trigger';
import { dropPage, type FetchedPage, keepPage, keptPage } from './kept-page';
import { type NextPlace, type Page, storePage } from './store-page';
import { type TriggerFunctions, triggerFunctions } from './trigger-functions';

/** What a trigger returned, as its other functions look into it. */
type TriggerResult = Record<string, unknown> & { payload: Record<string, unknown> };

/**
 * Behind a batch trigger: makes runs of the items that it found, and of those of the pages behind it, until there is
 * no cursor for another one. Where it stands is stored after each page, and each page before its runs: a crash fetches
 * no page again that is done or of which runs were made.
 * The run ends then; it holds no place in a queue.
 */
export async function fanOutItems(
  host: SegmentHost,
  finished: FinishedStep,
): Promise<Suspension | undefined> {
  const { execution, environment } = host.run;
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  // An ignored error of the trigger left no items.
  if (!flow || execution.fanOutOf !== undefined || finished.error) return undefined;
  const functions = triggerFunctions(flow, execution);
  if (!functions) return undefined;
  await host.settled();
  try {
    return await fanOut(host, flow, functions, finished);
  } catch (error) {
    if (!(error instanceof TriggerFailed)) throw error;
    return { kind: 'failed', step: flow.trigger, error: error.stepError };
  }
}

async function fanOut(
  host: SegmentHost,
  flow: PlanFlow,
  functions: TriggerFunctions,
  finished: FinishedStep,
): Promise<Suspension | undefined> {
  const { execution, limits, deps } = host.run;
  const untilMs = Date.now() + limits.budgetMs;
  let kept = await keptPage(deps, execution);
  const states = kept?.next.states ?? execution.fanOut?.states;
  if (states) await restoreStates(host, flow, states);
  while (!execution.fanOut?.isDone) {
    const fetched: FetchedPage | undefined = kept ?? (await nextPage(host, flow, functions, finished));
    // Generated triggers announce functions that they do not have.
    if (!fetched) return undefined;
    if (!kept) await keepPage(deps, execution, fetched);
    kept = undefined;
    const inHand = execution.fanOut?.page;
    execution.fanOut = await storePage(deps, execution, flow, fetched.page, fetched.next);
    await dropPage(deps, inHand);
    const stop = host.boundary() ?? (Date.now() > untilMs ? { kind: 'limit' as const } : undefined);
    if (stop && !execution.fanOut.isDone) return stop;
  }
  const { pages, executions } = execution.fanOut;
  host.run.log('INFO', `Started ${executions} executions for the items of ${pages} pages.`);
  return { kind: 'ended', resultType: 'COMPLETED' };
}

/** Fetches the page that is next; undefined when the trigger gives no items at all. */
async function nextPage(
  host: SegmentHost,
  flow: PlanFlow,
  functions: TriggerFunctions,
  finished: FinishedStep,
): Promise<FetchedPage | undefined> {
  const { fanOut } = host.run.execution;
  const result = fanOut ? await fetchPage(host, flow, functions, fanOut) : resultOf(finished);
  const items = await callTrigger(host, flow, functions.resolveItems, result);
  if (items === undefined && !fanOut) return undefined;
  const cursor = functions.nextCursor && (await callTrigger(host, flow, functions.nextCursor, result));
  const page: Page = { payload: result.payload, branch: branchOf(result), items: listOf(items) };
  const states = fanOut ? sealState(host.run.deps, await host.states.of(flow.trigger)) : null;
  const next: NextPlace = {
    pages: (fanOut?.pages ?? 0) + 1,
    cursor: isCursor(cursor) ? encodeOutput({ data: cursor }) : null,
    isDone: !isCursor(cursor),
    ...(states && states.length <= MOST_STATE_BYTES && { states }),
  };
  return { page, next };
}

/** What a record may hold beside all else; larger states are as the first page left them after a crash. */
const MOST_STATE_BYTES = 4 * 2 ** 20;

async function restoreStates(host: SegmentHost, { trigger }: PlanFlow, states: Buffer): Promise<void> {
  await host.states.change(trigger, openState(host.run.deps, states) as Partial<RunStates>);
}

async function fetchPage(
  host: SegmentHost,
  flow: PlanFlow,
  { perform }: TriggerFunctions,
  { cursor }: FanOut,
): Promise<TriggerResult> {
  const { deps, execution, environment } = host.run;
  const state = cursor && (decodeOutput(cursor).data as Record<string, unknown>);
  const payload = await triggerPayload(deps, execution, environment, state ?? undefined);
  const returned = await callTrigger(host, flow, perform, payload);
  return (returned ?? { payload }) as TriggerResult;
}

const resultOf = ({ value, branch }: FinishedStep): TriggerResult => ({
  payload: (value.data ?? {}) as Record<string, unknown>,
  ...(branch !== null && { branch }),
});

const isCursor = (cursor: unknown): boolean => cursor !== null && cursor !== undefined;

function listOf(items: unknown): unknown[] {
  if (Array.isArray(items)) return items;
  const message = 'The trigger gave no list of items to cut into batches.';
  throw new TriggerFailed({ code: 'component_error', message });
}
