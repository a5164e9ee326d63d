import { readRequestBody } from '../services/executions/read/read-step-output';
import type { Execution } from '../store/models/execution.model';
import { parseBody } from './parse-body';
import type { RunDeps } from './run-deps';
import type { RunEnvironment } from './run-environment';

/** What a trigger is called with: the request as it arrived, or an empty one for a schedule. */
export async function triggerPayload(deps: RunDeps, execution: Execution, environment: RunEnvironment) {
  const { request } = execution;
  const body = await readRequestBody(deps, execution);
  const headers = Object.fromEntries(request.headers);
  if (execution.invokeType === 'SCHEDULED') headers['prismatic-invoke-type'] = 'Scheduled';
  const { customer, instance, integration, webhookUrls, webhookApiKeys, globalDebug } = environment;
  return {
    headers,
    queryParameters: Object.fromEntries(new URLSearchParams(request.query)),
    rawBody: { data: body, contentType: request.contentType },
    body: { data: parseBody(body, request.contentType), contentType: request.contentType },
    pathFragment: request.pathFragment,
    webhookUrls,
    webhookApiKeys,
    invokeUrl: request.url,
    executionId: execution._id,
    customer,
    instance,
    user: { id: '', email: '', name: '', externalId: '' },
    integration,
    flow: { id: execution.flowId, name: execution.flowName, stableId: execution.flowStableKey },
    startedAt: (execution.startedAt ?? execution.acceptedAt).toISOString(),
    globalDebug,
  };
}
