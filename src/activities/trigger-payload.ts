import { parseBody } from '../services/executions/read/parse-body';
import { readRequestBody } from '../services/executions/read/read-step-output';
import type { Execution, InvokeType } from '../store/models/execution.model';
import { runContext } from './run-context';
import type { RunDeps } from './run-deps';
import type { RunEnvironment } from './run-environment';

/** What components read in the header `prismatic-invoke-type` of a run that no request began. */
const INVOKE_TYPE_TEXTS: Partial<Record<InvokeType, string>> = {
  SCHEDULED: 'Scheduled',
  DEPLOY_FLOW: 'Deploy Flow',
  TEAR_DOWN_FLOW: 'Tear Down Flow',
};

/**
 * What a trigger is called with: the request as it arrived, or an empty one for what no request began. Pages of a
 * batched poll behind the first one get the cursor that the page before gave.
 */
export async function triggerPayload(
  deps: RunDeps,
  execution: Execution,
  environment: RunEnvironment,
  paginationState?: Record<string, unknown>,
) {
  const { request, invokeType } = execution;
  const body = await readRequestBody(deps, execution);
  const headers = Object.fromEntries(request.headers);
  const text = INVOKE_TYPE_TEXTS[invokeType];
  if (text !== undefined) headers['prismatic-invoke-type'] = text;
  return {
    headers,
    queryParameters: Object.fromEntries(new URLSearchParams(request.query)),
    rawBody: { data: body, contentType: request.contentType },
    body: { data: await parseBody(body, request.contentType), contentType: request.contentType },
    pathFragment: request.pathFragment,
    ...runContext(environment, execution),
    ...(paginationState && { paginationState }),
  };
}
