import type { PlanEndpoint } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { Deps } from '../../context';
import { flowConfigIdOf } from '../../ids';
import { hasCustomerKeys } from '../../instances/flow-configs/has-customer-keys';
import { assertDepth } from '../accept/assert-depth';
import { awaitAnswer, expectAnswer } from '../accept/await-answer';
import { checkApiKey, type Endpoint } from '../accept/find-endpoint';
import type { SentAnswer } from '../accept/flow-answer';
import { refuse } from '../accept/refuse';
import { storeAndStart } from '../accept/store-and-start';
import type { IncomingRequest } from '../accept/stored-request';
import type { SharedAddress } from './find-shared-address';
import { stoppingStep } from './stopping-step';

/** A preprocess flow that has run. */
export interface Preprocessed {
  executionId: string;
  /** It stopped its run: the delivery is for no flow, and this is its answer. */
  ownAnswer?: SentAnswer;
}

/**
 * Runs the preprocess flow of a shared address with the request, and waits for its end. Rejects with `component_failed`, `request_refused` or `answer_timeout`. The delivery is accepted only when it has found its flow,
 * so each try of the same delivery is looked at anew: its `Idempotency-Key` is the flow's to compare.
 */
export async function preprocess(
  deps: Deps,
  address: SharedAddress,
  stableKey: string,
  request: IncomingRequest,
  apiKey: string | undefined,
): Promise<Preprocessed> {
  const endpoint = await preprocessEndpoint(deps, address, stableKey);
  const { flow } = endpoint;
  if (flow.endpointSecurityType === 'organization' || hasCustomerKeys(address.endpoint, flow))
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
  const answer = await awaitAnswer(deps, execution._id);
  const stopping = await stoppingStep(deps, flow, execution._id);
  const isForFlow = stopping === undefined || isRoutedBy(address.endpoint, stopping);
  return { executionId: execution._id, ...(!isForFlow && { ownAnswer: answer }) };
}

/** Whether what the step gave says where the delivery belongs. */
const isRoutedBy = (
  { flowName, externalCustomerId, externalCustomerUserId }: PlanEndpoint,
  stepKey: string,
): boolean => [flowName, externalCustomerId, externalCustomerUserId].some((path) => path?.[0] === stepKey);

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
