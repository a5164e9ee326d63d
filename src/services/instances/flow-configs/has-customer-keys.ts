import type { PlanEndpoint, PlanFlow } from '../../../engine/plan';

/**
 * Whether API keys that customers set can admit a caller of the flow. The preprocess flow of an address that customers
 * share runs before a delivery has found its customer, so it has none of theirs; the flow behind it checks its own.
 */
export function hasCustomerKeys(endpoint: PlanEndpoint | undefined, { stableKey }: PlanFlow): boolean {
  return endpoint?.type !== 'shared_instance' || endpoint.preprocessFlow !== stableKey;
}
