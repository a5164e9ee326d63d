import type { Plan, PlanFlow, PlanTriggerTraits } from '../../../engine/plan';
import type { LifecycleInput } from '../../../temporal/contract';

/** Longest time of one function, ms. Source: the limit that published components know. */
export const FUNCTION_LIMIT_MS = 30_000;

export type LifecycleFunction = 'onInstanceDeploy' | 'webhookCreate' | 'webhookDelete' | 'onInstanceDelete';

export interface LifecycleCall {
  flow: PlanFlow;
  called: LifecycleFunction;
}

/** How often a function is tried where single flows are meant, when it fails within `RETRY_WITHIN_MS`. */
export const TRIES = 3;
export const RETRY_WITHIN_MS = 5000;

const TRAIT_OF: Record<LifecycleFunction, keyof PlanTriggerTraits> = {
  onInstanceDeploy: 'hasOnInstanceDeploy',
  webhookCreate: 'hasWebhookCreate',
  webhookDelete: 'hasWebhookDelete',
  onInstanceDelete: 'hasOnInstanceDelete',
};

const ORDER: Record<LifecycleInput['event'], readonly LifecycleFunction[]> = {
  deploy: ['onInstanceDeploy', 'webhookCreate'],
  remove: ['webhookDelete', 'onInstanceDelete'],
};

/**
 * The functions of a plan's triggers that are called for an event, in order: each kind for all flows, or for those
 * with the given stable keys.
 */
export function lifecycleCalls(
  plan: Pick<Plan, 'flows'>,
  event: LifecycleInput['event'],
  only?: readonly string[],
): LifecycleCall[] {
  return ORDER[event].flatMap((called) =>
    plan.flows
      .filter(({ stableKey }) => only === undefined || only.includes(stableKey))
      .filter(({ triggerTraits }) => triggerTraits?.[TRAIT_OF[called]] === true)
      .map((flow) => ({ flow, called })),
  );
}
