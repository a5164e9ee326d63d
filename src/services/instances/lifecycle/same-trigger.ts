import type { Plan, PlanFlow } from '../../../engine/plan';

type Flows = Pick<Plan, 'flows' | 'isCodeNative'>;

/**
 * Whether a flow has the same trigger in two plans: a newer version of its component's trigger is. Code of an
 * integration's own has another component each time that it is imported, so there its key alone counts.
 */
export function hasSameTrigger(one: Flows, other: Flows, stableKey: string): boolean {
  const [a, b] = [triggerOf(one, stableKey), triggerOf(other, stableKey)];
  return a !== undefined && a === b;
}

function triggerOf({ flows, isCodeNative }: Flows, stableKey: string): string | undefined {
  const flow = flows.find((one) => one.stableKey === stableKey);
  return flow && JSON.stringify(partsOf(flow, isCodeNative === true));
}

function partsOf({ trigger: { component, action } }: PlanFlow, isCodeNative: boolean): unknown[] {
  const isOwnCode = isCodeNative && !component.isPublic;
  return isOwnCode ? [action] : [component.isPublic, component.key, action];
}
