import {
  PLAN_FORMAT_VERSION,
  type Plan,
  type PlanComponent,
  type PlanFlow,
  type PlanStep,
} from '../engine/plan';
import { AppError } from '../errors';
import { checkDefinition } from './check-definition';
import { compileConfigVar } from './compile-config-var';
import { compileFlow } from './compile-flow';
import { type ComponentLookup, rememberLookups } from './component-lookup';
import { sourceFaults } from './definition-source';
import { describeFault } from './fault';
import type { Definition } from './schema';

function* allSteps(steps: readonly PlanStep[]): Generator<PlanStep> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* allSteps(branch.steps);
    if (step.loop !== undefined) yield* allSteps(step.loop.steps);
  }
}

function usedComponents(flows: readonly PlanFlow[]): PlanComponent[] {
  const found = new Map<string, PlanComponent>();
  for (const { trigger, steps } of flows) {
    for (const { component } of allSteps([trigger, ...steps])) {
      found.set(JSON.stringify([component.key, component.isPublic, component.version]), component);
    }
  }
  return [...found.values()];
}

function refuseErrors(definition: Definition, lookup: ComponentLookup): void {
  const found = [...sourceFaults(definition), ...checkDefinition(definition, lookup)];
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const count = errors.length === 1 ? '1 fault' : `${errors.length} faults`;
  throw new AppError('invalid_definition', `The definition has ${count}.`, {
    faults: errors.map((fault) => ({ field: fault.path, messages: [describeFault(fault)] })),
  });
}

/**
 * Compiles a definition to the plan that its executions run; components asked for as `LATEST` are fixed to what the
 * lookup gives now. Throws `invalid_definition` with every error that reading or checking it reports.
 */
export function compilePlan(definition: Definition, lookup: ComponentLookup): Plan {
  const remembered = rememberLookups(lookup);
  refuseErrors(definition, remembered);
  const flows = definition.flows.map((flow, index) => compileFlow(definition, index, flow, remembered));
  return {
    formatVersion: PLAN_FORMAT_VERSION,
    integrationName: definition.name,
    configVars: definition.requiredConfigVars.map((configVar) => compileConfigVar(configVar, remembered)),
    flows,
    components: usedComponents(flows),
  };
}
