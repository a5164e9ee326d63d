import { AppError } from '../../../errors';
import type { Deps } from '../../context';
import { flowConfigIdOf } from '../../ids';

import { assertDepth } from '../accept/assert-depth';
import { awaitAnswer, expectAnswer } from '../accept/await-answer';
import { checkApiKey, type Endpoint } from '../accept/find-endpoint';
import { refuse } from '../accept/refuse';
import { storeAndStart } from '../accept/store-and-start';
import type { IncomingRequest } from '../accept/stored-request';
import type { SharedAddress } from './find-shared-address';

/**
 * Runs the preprocess flow of a shared address with the request, and waits for its end. Answers its execution's
 * id; rejects with `component_failed`, `request_refused` or `answer_timeout`. The delivery is accepted only when it has found its flow,
 * so each try of the same delivery is looked at anew: its `Idempotency-Key` is the flow's to compare.
 */
export async function preprocess(
  deps: Deps,
  address: SharedAddress,
  stableKey: string,
  request: IncomingRequest,
  apiKey: string | undefined,
): Promise<string> {
  const endpoint = await preprocessEndpoint(deps, address, stableKey);
  checkApiKey(deps, endpoint, apiKey);
  await assertDepth(deps, { instanceId: address.home._id });
  const options = {
    invokeType: 'WEBHOOK',
    isTest: endpoint.instance.isSystem,
    isSynchronous: true,
    isPreprocess: true,
  } as const;
  const { execution, start } = await storeAndStart(deps, endpoint, request, options, true);
  expectAnswer(execution._id, Date.now() + deps.env.TENON_SYNC_ANSWER_SECONDS * 1000);
  await start.catch((error: unknown) => refuse(deps, execution._id, error));
  await awaitAnswer(deps, execution._id);
  return execution._id;
}

async function preprocessEndpoint(
  deps: Deps,
  { home, plan, deployment }: SharedAddress,
  stableKey: string,
): Promise<Endpoint> {
  const flow = plan.flows.find((one) => one.stableKey === stableKey);
  const flowConfig = await deps.store.flowConfigs.findById(flowConfigIdOf(home._id, stableKey)).lean();
  if (!flow || !flowConfig)
    throw new AppError('flow_not_deployed', 'The preprocess flow of this address is not there.');
  return { flowConfig, flow, instance: { ...home, deployment } };
}
