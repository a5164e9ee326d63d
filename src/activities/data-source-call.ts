import { resolveInputs } from '../engine/resolve-input';
import { Scope } from '../engine/scope';
import { notFound } from '../errors';
import { contentOf } from '../services/data-sources/check-content';
import type { DataSourceAnswer, DataSourceRequest } from '../services/data-sources/data-source-request';
import { uuidv7 } from '../services/ids';
import { resolveConfig } from '../services/instances/resolve-config';
import { NO_USER } from '../services/user-configs/read-run-user';
import type { DataSourceCall } from '../store/models/data-source-call.model';
import type { Instance } from '../store/models/instance.model';
import type { DataSourceCallInput } from '../temporal/contract';
import { performCall } from './perform-call';
import type { RunDeps } from './run-deps';

/** Longest time that a data source may take, ms. Somebody waits before a page. */
const LIMIT_MS = 30_000;

/** Calls a data source as its stored call says, and stores what becomes of it. */
export async function answerDataSourceCall(deps: RunDeps, { callId }: DataSourceCallInput): Promise<void> {
  const { dataSourceCalls } = deps.store;
  const call = await dataSourceCalls.findById(callId).lean<DataSourceCall>();
  if (!call) throw notFound('The call of a data source');
  const request = JSON.parse(deps.sealer.open(call.sealedRequest)) as DataSourceRequest;
  const answer = await ask(deps, call, request);
  const sealedAnswer = deps.sealer.seal(JSON.stringify(answer));
  await dataSourceCalls.updateOne({ _id: callId }, { $set: { sealedAnswer } });
}

async function ask(
  deps: RunDeps,
  { instanceId }: DataSourceCall,
  { component, key, dataSourceType, inputs }: DataSourceRequest,
): Promise<DataSourceAnswer> {
  const instance = await deps.store.instances.findById(instanceId).lean<Instance>();
  if (!instance) throw notFound('The instance');
  const configVars = await resolveConfig(deps, instance);
  const context = { configVars, customer: await customerOf(deps, instance), user: NO_USER };
  try {
    const outcome = await performCall(
      deps,
      {
        component,
        kind: 'dataSource',
        key,
        context: { ...context, instance: { id: instanceId, name: instance.name } },
        params: resolveInputs(inputs, new Scope(configVars)),
      },
      { owner: instance, timeoutMs: LIMIT_MS, onLog: logOf(deps, instance, key) },
    );
    if (!outcome.ok) return { isDone: false, message: outcome.error.message };
    return { isDone: true, content: contentOf(outcome.result, dataSourceType) };
  } catch (error) {
    return { isDone: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    await deps.logs.flush().catch(() => undefined);
  }
}

async function customerOf(deps: RunDeps, { customerId }: Instance) {
  const found = customerId ? await deps.store.customers.findById(customerId).lean() : null;
  return { id: found?._id ?? '', externalId: found?.externalId ?? '', name: found?.name ?? '' };
}

function logOf(deps: RunDeps, { _id: instanceId, organizationId, customerId }: Instance, key: string) {
  let ordinal = 0;
  return ({ severity, message, timestamp }: Parameters<Parameters<typeof performCall>[2]['onLog']>[0]) => {
    ordinal += 1;
    deps.logs.append({
      _id: `data-source/${uuidv7()}`,
      organizationId,
      customerId,
      instanceId,
      executionId: '',
      flowName: '',
      ordinal,
      timestamp,
      severity,
      message,
      stepName: key,
    });
  };
}
