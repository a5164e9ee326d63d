import { z } from 'zod';
import { publicUrl } from '../../../config/env';
import type { PlanFlow } from '../../../engine/plan';
import { notFound } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { requireInstanceWriter, requireVisible } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import { parseInput } from '../../parse-input';

import { findEndpoint, isScheduleOnly } from './find-endpoint';
import { storeAndStart } from './store-and-start';

export const testFlowConfigInput = z.strictObject({
  id: z.string().describe('The flow config, as an instance’s flows list it.'),
  payload: z.string().nullish().describe('Body of the request that the trigger sees; `{}` when absent.'),
  contentType: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
});

/** Runs a flow of an enabled instance once, outside its schedule or webhook, marked as a test. */
export async function testFlowConfig(deps: Deps, ctx: RequestContext, raw: unknown): Promise<Execution> {
  const input = parseInput(testFlowConfigInput, raw);
  const found = await deps.store.flowConfigs.findById(input.id).lean();
  requireInstanceWriter(ctx, requireVisible(ctx, found, `Flow config ${input.id}`));
  const endpoint = await findEndpoint(deps, input.id);
  const contentType = input.contentType ?? 'application/json';
  const headers = { 'Content-Type': contentType, ...input.headers };
  const { execution, start } = await storeAndStart(
    deps,
    endpoint,
    {
      method: 'POST',
      pathFragment: '',
      query: '',
      url: `${publicUrl(deps.env)}/trigger/${input.id}`,
      headers: Object.entries(headers),
      contentType,
      body: Buffer.from(input.payload ?? '{}'),
    },
    {
      invokeType: endpoint.instance.isSystem ? 'INTEGRATION_FLOW_TEST' : typeOf(endpoint.flow),
      isTest: true,
      isSynchronous: false,
    },
  );
  start.catch(() => undefined);
  return execution;
}

const typeOf = (flow: PlanFlow) => (isScheduleOnly(flow) ? 'SCHEDULED' : 'WEBHOOK');

/** Runs a flow of an integration's draft once, on its test instance with its test configuration. */
export async function testIntegrationFlow(deps: Deps, ctx: RequestContext, raw: unknown): Promise<Execution> {
  const { id: flowId, ...input } = parseInput(testFlowConfigInput, raw);
  const found = await deps.store.flowConfigs.find({ flowId }, { instanceId: 1 }).lean();
  const isSystem = { _id: { $in: found.map(({ instanceId }) => instanceId) }, isSystem: true };
  const test = await deps.store.instances.findOne(isSystem, { _id: 1 }).lean();
  const flowConfig = found.find(({ instanceId }) => instanceId === test?._id);
  if (!flowConfig) throw notFound('The flow');
  return testFlowConfig(deps, ctx, { ...input, id: flowConfig._id });
}
