import { z } from 'zod';
import { publicUrl } from '../../../config/env';
import { AppError, notFound } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Instance } from '../../../store/models/instance.model';
import type { Integration } from '../../../store/models/integration.model';
import { requireInstanceWriter } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import { flowConfigIdOf } from '../../ids';
import { findIntegration } from '../../integrations/find-integration';
import { parseInput } from '../../parse-input';
import { loadPlan } from '../../plans/load-plan';
import { awaitAnswer, expectAnswer } from '../accept/await-answer';
import { type Endpoint, runningDeployment } from '../accept/find-endpoint';
import type { SentAnswer } from '../accept/flow-answer';
import { refuse } from '../accept/refuse';
import { storeAndStart } from '../accept/store-and-start';

export const testEndpointInput = z.strictObject({
  id: z.string().describe('The integration.'),
  payload: z.string().nullish().describe('Body of the request; `{}` when absent.'),
  contentType: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
});

/** What a test of an endpoint gave. */
export interface TestedEndpoint {
  integration: Integration;
  execution: Execution;
  answer: SentAnswer;
}

/**
 * Runs the preprocess flow of an integration's draft once, on its test instance with its test configuration, as a
 * delivery at a shared address would, and waits for its end; no flow runs behind it. Throws `not_found`,
 * `forbidden`, `invalid_state` where there is none, and what a caller of the address is refused with.
 */
export async function testEndpoint(deps: Deps, ctx: RequestContext, raw: unknown): Promise<TestedEndpoint> {
  const { id, payload, headers, ...input } = parseInput(testEndpointInput, raw);
  const integration = await findIntegration(deps, ctx, id);
  requireInstanceWriter(ctx, integration);
  const endpoint = await preprocessOfDraft(deps, integration);
  const contentType = input.contentType ?? 'application/json';
  const request = {
    method: 'POST',
    pathFragment: '',
    query: '',
    url: `${publicUrl(deps.env)}/trigger/${endpoint.instance._id}`,
    headers: Object.entries({ 'Content-Type': contentType, ...headers }),
    contentType,
    body: Buffer.from(payload ?? '{}'),
  };
  const options = {
    invokeType: 'INTEGRATION_ENDPOINT_TEST',
    isTest: true,
    isSynchronous: true,
    isPreprocess: true,
  } as const;
  const { execution, start } = await storeAndStart(deps, endpoint, request, options, true);
  expectAnswer(execution._id, Date.now() + deps.env.TENON_SYNC_ANSWER_SECONDS * 1000);
  await start.catch((error: unknown) => refuse(deps, execution._id, error));
  return { integration, execution, answer: await awaitAnswer(deps, execution._id) };
}

async function preprocessOfDraft(deps: Deps, { _id, name }: Integration): Promise<Endpoint> {
  const test = await deps.store.instances
    .findOne({ integrationId: _id, isSystem: true }, { configVariables: 0 })
    .lean<Omit<Instance, 'configVariables'>>();
  if (!test) throw notFound('The test instance');
  const deployment = await runningDeployment(deps, test);
  const { endpoint, flows } = await loadPlan(deps, deployment.planId);
  const flow = flows.find(({ stableKey }) => stableKey === endpoint?.preprocessFlow);
  if (!endpoint || !flow) {
    const message = `The endpoint of "${name}" has no preprocess flow that could be run: send to a flow's test address.`;
    throw new AppError('invalid_state', message, { faults: [{ field: '__all__', messages: [message] }] });
  }
  const id = flowConfigIdOf(test._id, flow.stableKey);
  const flowConfig = await deps.store.flowConfigs.findById(id).lean();
  if (!flowConfig) throw notFound('The preprocess flow');
  return { flowConfig, flow, instance: { ...test, deployment } };
}
