import type { Plan, PlanFlow, PlanTriggerTraits } from '../../../engine/plan';
import type { LifecycleInput } from '../../../temporal/contract';

/** Longest time of one function, ms. Source: the limit that published components know. */
export const FUNCTION_LIMIT_MS = 30_000;

export type LifecycleFunction = 'onInstanceDeploy' | 'webhookCreate' | 'webhookDelete' | 'onInstanceDelete';

export interface LifecycleCall {
  flow: PlanFlow;
  called: LifecycleFunction;
}

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

/** The functions of a plan's triggers that are called for an event, in order: each kind for all flows. */
export function lifecycleCalls(plan: Pick<Plan, 'flows'>, event: LifecycleInput['event']): LifecycleCall[] {
  return ORDER[event].flatMap((called) =>
    plan.flows
      .filter(({ triggerTraits }) => triggerTraits?.[TRAIT_OF[called]] === true)
      .map((flow) => ({ flow, called })),
  );
}
