import type { PlanFlow, PlanSchedule } from '../engine/plan';
import { preprocessFlow } from './compile-endpoint';
import { asTrigger, compileBatch, compileQueue, compileRetry, compileTraits } from './compile-flow-modes';
import { compileSteps, declaredOf, pinComponent } from './compile-step';
import type { ComponentLookup } from './component-lookup';
import { isManagementTrigger } from './management-trigger';
import { parseTemplate } from './parse-template';
import { readSchedule } from './read-schedule';
import type { Definition, Flow } from './schema';
import { keyOfStep, stepKeys } from './step-keys';
import { readTimeZone } from './time-zone';

function compileSchedule({ steps }: Flow, definition: Definition): PlanSchedule | undefined {
  const schedule = steps[0]?.schedule;
  const reading = readSchedule(schedule);
  const own = schedule?.meta.timeZone ?? '';
  if (reading.kind === 'cron')
    return { type: 'value', cron: reading.cron, timeZone: readTimeZone(own) ?? 'UTC' };
  if (reading.kind === 'template') {
    return {
      type: 'template',
      parts: parseTemplate(schedule?.value ?? ''),
      timeZone: readTimeZone(own) ?? 'UTC',
    };
  }
  if (reading.kind !== 'configVar') return undefined;
  const configVar = definition.requiredConfigVars.find(({ key }) => key === reading.key);
  const timeZone = readTimeZone(configVar?.timeZone || own) ?? 'UTC';
  return { type: 'configVar', configVar: reading.key, timeZone };
}

/** What says how and when runs of a flow begin, as far as its definition says anything. */
function compileModes(definition: Definition, flow: Flow, lookup: ComponentLookup): Partial<PlanFlow> {
  const first = flow.steps[0];
  const trigger = first === undefined ? undefined : asTrigger(declaredOf(first, lookup));
  const isOwnCode = definition.isCodeNative && first?.action.component.isPublic === false;
  const schedule = compileSchedule(flow, definition);
  const retry = compileRetry(flow);
  // Those flows run in the middle of something else, which cannot wait for a queue.
  const isNeverQueued = flow === preprocessFlow(definition) || isManagementTrigger(first);
  const queue = isNeverQueued ? undefined : compileQueue(flow);
  const batch = compileBatch(flow, trigger, isOwnCode);
  return {
    ...(schedule === undefined ? {} : { schedule }),
    ...(retry === undefined ? {} : { retry }),
    ...(queue === undefined ? {} : { queue }),
    ...(batch === undefined ? {} : { batch }),
    ...(trigger === undefined ? {} : { triggerTraits: compileTraits(trigger) }),
  };
}

/** Compiles one flow of a definition that has been checked. */
export function compileFlow(
  definition: Definition,
  index: number,
  stableKey: string,
  lookup: ComponentLookup,
): PlanFlow {
  const flow = definition.flows[index];
  if (flow === undefined) throw new Error(`There is no flow ${index}.`);
  const [trigger, ...steps] = compileSteps(flow.steps, '', {
    lookup,
    keyOf: (step) => keyOfStep(flow, step),
    keys: new Set(stepKeys(flow).values()),
    isCodeNative: definition.isCodeNative,
  });
  if (trigger === undefined) throw new Error(`The flow ${flow.name} has no trigger.`);
  const { schemas, supplementalComponents = [] } = flow;
  return {
    name: flow.name,
    stableKey,
    description: flow.description,
    isSynchronous: flow.isSynchronous ?? definition.isSynchronous ?? false,
    endpointSecurityType: flow.endpointSecurityType,
    organizationApiKeys: flow.organizationApiKeys,
    ...compileModes(definition, flow, lookup),
    ...(schemas === undefined ? {} : { schemas }),
    ...(flow.isAgentFlow === true ? { isAgentFlow: true } : {}),
    ...(supplementalComponents.length === 0
      ? {}
      : { supplementalComponents: supplementalComponents.map((one) => pinComponent(one, lookup)) }),
    trigger,
    steps,
  };
}
