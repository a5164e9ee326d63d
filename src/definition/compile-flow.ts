import type { PlanFlow, PlanSchedule } from '../engine/plan';
import { compileSteps } from './compile-step';
import type { ComponentLookup } from './component-lookup';
import { readSchedule } from './read-schedule';
import type { Definition, Flow } from './schema';
import { stepSites } from './step-sites';
import { readTimeZone } from './time-zone';

function compileSchedule({ steps }: Flow, definition: Definition): PlanSchedule | undefined {
  const schedule = steps[0]?.schedule;
  const reading = readSchedule(schedule);
  const own = schedule?.meta.timeZone ?? '';
  if (reading.kind === 'cron')
    return { type: 'value', cron: reading.cron, timeZone: readTimeZone(own) ?? 'UTC' };
  if (reading.kind !== 'configVar') return undefined;
  const configVar = definition.requiredConfigVars.find(({ key }) => key === reading.key);
  const timeZone = readTimeZone(configVar?.timeZone || own) ?? 'UTC';
  return { type: 'configVar', configVar: reading.key, timeZone };
}

/** Compiles one flow of a definition that has been checked. */
export function compileFlow(
  definition: Definition,
  index: number,
  flow: Flow,
  lookup: ComponentLookup,
): PlanFlow {
  const keys = new Set(stepSites(flow, index).map(({ key }) => key));
  const [trigger, ...steps] = compileSteps(flow.steps, '', { lookup, keys });
  if (trigger === undefined) throw new Error(`The flow ${flow.name} has no trigger.`);
  const schedule = compileSchedule(flow, definition);
  return {
    name: flow.name,
    stableKey: flow.stableKey ?? flow.name,
    description: flow.description,
    isSynchronous: flow.isSynchronous ?? definition.isSynchronous ?? false,
    endpointSecurityType: flow.endpointSecurityType,
    organizationApiKeys: flow.organizationApiKeys,
    ...(schedule === undefined ? {} : { schedule }),
    trigger,
    steps,
  };
}
