import type { PlanEndpoint } from '../engine/plan';
import { fieldPath } from './field-path';
import type { Definition, Field, Flow } from './schema';
import { keyOfStep } from './step-keys';

/** The root of paths into what a trigger gives, where no flow runs first. */
export const PAYLOAD = 'payload';

/** The flow that runs first for a shared address; nothing where each flow has its own, or none is named. */
export function preprocessFlow({ endpointType, preprocessFlowName, flows }: Definition): Flow | undefined {
  if (endpointType === 'flow_specific' || !preprocessFlowName) return undefined;
  return flows.find(({ name }) => name === preprocessFlowName);
}

/** Compiles who has a webhook address; nothing where each flow has one of its own. */
export function compileEndpoint(
  definition: Definition,
  stableKeyOf: (flow: Flow) => string,
): PlanEndpoint | undefined {
  const { endpointType } = definition;
  if (endpointType === 'flow_specific') return undefined;
  const first = preprocessFlow(definition);
  const root = first === undefined ? PAYLOAD : keyOfStep(first, first.steps.at(-1));
  const path = (field: Field | undefined): string[] | undefined => {
    const found = fieldPath(field, root);
    // Only a flow that ran has step results; without one, the root can but mean the payload.
    return found !== undefined && first === undefined ? [PAYLOAD, ...found.slice(1)] : found;
  };
  const flowName = path(definition.flowNameField);
  const externalCustomerId = path(definition.externalCustomerIdField);
  const externalCustomerUserId = path(definition.externalCustomerUserIdField);
  return {
    type: endpointType,
    ...(first === undefined ? {} : { preprocessFlow: stableKeyOf(first) }),
    ...(flowName === undefined ? {} : { flowName }),
    ...(externalCustomerId === undefined ? {} : { externalCustomerId }),
    ...(externalCustomerUserId === undefined ? {} : { externalCustomerUserId }),
  };
}
