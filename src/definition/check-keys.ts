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
    const { retryConfig = {}, queueConfig = {}, triggerResolver = {} } = flow;
    for (const [key, given] of Object.entries({ retryConfig, queueConfig, triggerResolver })) {
      const { shape } = FlowSchema.shape[key as keyof typeof MODES].unwrap();
      checkMapping(given, shape, ['flows', index, key], faults);
    }
    for (const { step, path } of stepSites(flow, index)) checkMapping(step, StepSchema.shape, path, faults);
  });
  definition.requiredConfigVars.forEach((configVar, index) => {
    checkMapping(configVar, ConfigVarSchema.shape, ['requiredConfigVars', index], faults);
  });
}

const MODES = { retryConfig: 1, queueConfig: 1, triggerResolver: 1 };

/** Keys of the language that a plan does not need. */
const IGNORED = {
  definition: {
    version: 1,
    importMetadata: 1,
    configuration: 1,
    definitionType: 1,
  },
  flow: { renameAttributes: 1 },
};
