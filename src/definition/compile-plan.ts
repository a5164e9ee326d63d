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
import { compileEndpoint } from './compile-endpoint';
import { compileFlow } from './compile-flow';
import { type ComponentLookup, rememberLookups } from './component-lookup';
import { sourceFaults } from './definition-source';
import { describeFault } from './fault';
import { type Identities, identitiesOf, stableKeysOf } from './identities';
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
  const add = (component: PlanComponent) => {
    found.set(JSON.stringify([component.key, component.isPublic, component.version]), component);
  };
  for (const { trigger, steps, supplementalComponents = [] } of flows) {
    for (const { component } of allSteps([trigger, ...steps])) add(component);
    for (const component of supplementalComponents) add(component);
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
 * lookup gives now. `identities` are those of an integration that was imported before under other names. Throws
 * `invalid_definition` with every error that reading or checking it reports.
 */
export function compilePlan(
  definition: Definition,
  lookup: ComponentLookup,
  identities: Identities = identitiesOf(definition),
): Plan {
  const remembered = rememberLookups(lookup);
  refuseErrors(definition, remembered);
  return planOf(definition, remembered, identities);
}

/** The same for a definition that was read and checked already, with that lookup, and has no errors. */
export function planOf(definition: Definition, lookup: ComponentLookup, identities: Identities): Plan {
  const remembered = rememberLookups(lookup);
  const flowKey = stableKeysOf(identities.flows);
  const variableKey = stableKeysOf(identities.configVars);
  const flows = definition.flows.map(({ name }, index) =>
    compileFlow(definition, index, flowKey(name), remembered),
  );
  const userLevel = userLevelKeys(definition);
  const endpoint = compileEndpoint(definition, ({ name }) => flowKey(name));
  return {
    formatVersion: PLAN_FORMAT_VERSION,
    integrationName: definition.name,
    configVars: definition.requiredConfigVars.map((configVar) => ({
      ...compileConfigVar(configVar, variableKey(configVar.key), remembered),
      ...(userLevel.has(configVar.key) ? { isUserLevel: true } : {}),
    })),
    flows,
    components: usedComponents(flows),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(definition.isCodeNative ? { isCodeNative: true } : {}),
    ...(definition.defaultInstanceProfile ? { instanceProfile: definition.defaultInstanceProfile } : {}),
  };
}

/** Keys of the config variables that stand on pages for end users. */
function userLevelKeys({ configPages }: Definition): Set<string> {
  const elements = configPages.filter((page) => page.userLevelConfigured).flatMap((page) => page.elements);
  return new Set(elements.filter(({ type }) => type === 'configVar').map(({ value }) => value));
}
