import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { nearest } from './nearest';
import { ConfigVarSchema, type Definition, DefinitionSchema, FlowSchema, StepSchema } from './schema';
import { stepSites } from './step-sites';

function checkMapping(data: object, shape: object, path: Path, faults: FaultList): void {
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(shape, key)) continue;
    const known = nearest(key, Object.keys(shape))[0];
    if (known === undefined) continue;
    const message = `The key "${key}" is not known here and has no effect.`;
    faults.warning('unknown_key', [...path, key], message, `Did you mean "${known}"?`, { at: 'key' });
  }
}

/** Warns of keys that look like a known one mistyped; other unknown keys are kept and ignored. */
export function checkKeys(definition: Definition, faults: FaultList): void {
  checkMapping(definition, { ...DefinitionSchema.shape, ...IGNORED.definition }, [], faults);
  definition.flows.forEach((flow, index) => {
    checkMapping(flow, { ...FlowSchema.shape, ...IGNORED.flow }, ['flows', index], faults);
    for (const { step, path } of stepSites(flow, index)) checkMapping(step, StepSchema.shape, path, faults);
  });
  definition.requiredConfigVars.forEach((configVar, index) => {
    checkMapping(configVar, ConfigVarSchema.shape, ['requiredConfigVars', index], faults);
  });
}

/** Keys of the language that a plan does not need. */
const IGNORED = {
  definition: {
    preprocessFlowName: 1,
    flowNameField: 1,
    externalCustomerIdField: 1,
    externalCustomerUserIdField: 1,
    version: 1,
    importMetadata: 1,
    renameAttributes: 1,
    definitionType: 1,
  },
  flow: { schemas: 1, isAgentFlow: 1, supplementalComponents: 1, renameAttributes: 1 },
};
