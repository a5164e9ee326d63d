import { checkField } from './check-fields';
import { PAYLOAD, preprocessFlow } from './compile-endpoint';
import type { FaultList } from './fault-list';
import { fieldPath } from './field-path';
import { isManagementTrigger } from './management-trigger';
import { didYouMean } from './nearest';
import type { Definition, Flow } from './schema';
import { stepSites } from './step-sites';

const FIELDS = ['flowNameField', 'externalCustomerIdField', 'externalCustomerUserIdField'] as const;

function checkPreprocessFlow(definition: Definition, faults: FaultList): void {
  const { preprocessFlowName: name, flows } = definition;
  if (!name || preprocessFlow(definition) !== undefined) return;
  const hint = () =>
    didYouMean(
      name,
      flows.map((flow) => flow.name),
    );
  faults.error('unknown_flow', ['preprocessFlowName'], `There is no flow "${name}".`, hint);
}

function checkRoots(definition: Definition, faults: FaultList): void {
  const first = preprocessFlow(definition);
  if (first === undefined) return;
  const known = [PAYLOAD, ...stepSites(first, definition.flows.indexOf(first)).map(({ key }) => key)];
  for (const name of FIELDS) {
    const root = fieldPath(definition[name], known.at(-1) ?? '')?.[0];
    if (root === undefined || known.includes(root)) continue;
    const message = `The flow "${first.name}" has no step "${root}"; the path gives nothing.`;
    faults.warning('unknown_reference', [name], message, () => didYouMean(root, known));
  }
}

/** Whether no delivery is ever for it. */
function isWithoutWebhook({ steps: [trigger] }: Flow): boolean {
  const component = trigger?.action.component;
  return isManagementTrigger(trigger) || (component?.key === 'schedule-triggers' && component.isPublic);
}

/** One header gives one key: where two flows look at it, a key of both must be there. */
function checkKeys(definition: Definition, first: Flow | undefined, faults: FaultList): void {
  if (first?.endpointSecurityType !== 'organization' || first.organizationApiKeys.length === 0) return;
  for (const [index, flow] of definition.flows.entries()) {
    if (flow === first || flow.endpointSecurityType !== 'organization' || isWithoutWebhook(flow)) continue;
    const { name, organizationApiKeys: keys } = flow;
    // A flow without any is warned of elsewhere.
    if (keys.length === 0 || keys.some((key) => first.organizationApiKeys.includes(key))) continue;
    const message = `Nobody can call the flow "${name}" by the shared address: no key is both its own and one of the preprocess flow "${first.name}", and a request has one "Api-Key".`;
    const hint = `Give both a common key, or make one "unsecured": the keys of the other then decide.`;
    faults.warning('no_common_api_key', ['flows', index, 'organizationApiKeys'], message, hint);
  }
}

/** It runs before a delivery has found its customer. */
function checkCustomerKeys(definition: Definition, first: Flow | undefined, faults: FaultList): void {
  if (definition.endpointType !== 'shared_instance' || first?.endpointSecurityType !== 'customer_required')
    return;
  const path = ['flows', definition.flows.indexOf(first), 'endpointSecurityType'];
  const message = `The preprocess flow "${first.name}" runs before the customer is known; "customer_required" admits everybody to it.`;
  const hint = 'Choose "organization" to guard it; the flows behind it ask for the keys that they want.';
  faults.warning('unchecked_api_key', path, message, hint);
}

/** Checks how a delivery to an address that flows share finds its flow and its customer. */
export function checkEndpoint(definition: Definition, faults: FaultList): void {
  for (const name of FIELDS) checkField(definition[name], [name], faults);
  if (definition.endpointType === 'flow_specific') return;
  checkPreprocessFlow(definition, faults);
  checkRoots(definition, faults);
  const first = preprocessFlow(definition);
  checkKeys(definition, first, faults);
  checkCustomerKeys(definition, first, faults);
  const targets = definition.flows.filter((flow) => flow !== first);
  if (fieldPath(definition.flowNameField, PAYLOAD) === undefined && targets.length !== 1) {
    const message =
      targets.length === 0
        ? 'There is no flow that a delivery to the shared address could be for.'
        : 'Several flows share an address, and nothing says which one a delivery is for.';
    const hint = 'Add "flowNameField" with the path of the flow’s name.';
    faults.error('missing_key', ['endpointType'], message, hint, { at: 'key' });
  }
  if (definition.endpointType !== 'shared_instance') return;
  if (fieldPath(definition.externalCustomerIdField, PAYLOAD) !== undefined) return;
  const message = 'All customers share an address, and nothing says whose a delivery is.';
  const hint = 'Add "externalCustomerIdField" with the path of the customer’s external id.';
  faults.error('missing_key', ['endpointType'], message, hint, { at: 'key' });
}
