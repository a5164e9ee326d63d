import type { Deps } from '../../services/context';
import { labelLine } from '../../services/executions/start/run-label';
import type { Execution } from '../../store/models/execution.model';
import type { BatchMember, SegmentResult } from '../../temporal/contract';
import { type RunOwner, runEnvironment } from '../run-environment';

/** The last steps of each that are told. */
const TOLD_STEPS = 8;
/** What a history keeps of a name and of steps, in characters. */
const MOST_RAN = 150;
const MOST_STEPS = 400;
/** Nothing larger goes into a history; names of any script must fit. */
const MOST_BYTES = 30_000;
/** Left of a name where they are too large together. */
const LEAST_RAN = 100;

/** A member as Temporal is told of it: with what ran, and how it left the batch. */
export async function toldMember(
  deps: Deps,
  execution: RunOwner & Pick<Execution, '_id' | 'flowName'>,
  left: Omit<BatchMember, 'executionId' | 'ran'>,
): Promise<BatchMember> {
  return { executionId: execution._id, ran: await ranOf(deps, execution), ...left };
}

/** Customer, instance, integration, flow and version; the flow alone where the others are gone. */
async function ranOf(deps: Deps, execution: RunOwner & Pick<Execution, 'flowName'>): Promise<string> {
  const { flowName } = execution;
  try {
    const { customer, instance, integration } = await runEnvironment(deps, execution);
    const version = integration.externalVersion && `v${integration.externalVersion}`;
    const names = { customer: customer.name, instance: instance.name, integration: integration.name };
    return labelLine({ ...names, version }, flowName).slice(0, MOST_RAN);
  } catch {
    return flowName.slice(0, MOST_RAN);
  }
}

/** The steps that it finished there, in one line. */
export function toldSteps({ steps, untoldSteps = 0 }: Pick<SegmentResult, 'steps' | 'untoldSteps'>): string {
  const last = steps.slice(-TOLD_STEPS);
  const before = untoldSteps + steps.length - last.length;
  const lines = last.map(({ name, state, ms, code }) => {
    const how = code === undefined ? '' : `${state}: ${code} `;
    return `${name} ${how}${ms} ms`;
  });
  return [...(before > 0 ? [`… ${before} more`] : []), ...lines].join(', ').slice(0, MOST_STEPS);
}

/** As much of all of them as a history takes: names are cut and steps left out where these are too long. */
export function withinHistory(members: readonly BatchMember[]): BatchMember[] {
  if (Buffer.byteLength(JSON.stringify(members)) <= MOST_BYTES) return [...members];
  return members.map(({ executionId, ran = '', state, ms, code }) => ({
    executionId,
    ran: ran.slice(0, LEAST_RAN),
    state,
    ms,
    ...(code !== undefined && { code }),
  }));
}
