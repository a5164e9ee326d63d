import { checkField } from './check-fields';
import { PAYLOAD, preprocessFlow } from './compile-endpoint';
import type { FaultList } from './fault-list';
import { fieldPath } from './field-path';
import { didYouMean } from './nearest';
import type { Definition } from './schema';
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

/** Checks how a delivery to an address that flows share finds its flow and its customer. */
export function checkEndpoint(definition: Definition, faults: FaultList): void {
  for (const name of FIELDS) checkField(definition[name], [name], faults);
  if (definition.endpointType === 'flow_specific') return;
  checkPreprocessFlow(definition, faults);
  checkRoots(definition, faults);
  const first = preprocessFlow(definition);
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
