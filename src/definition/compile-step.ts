import type { ActionManifest, TriggerManifest } from '../components/manifest';
import type { PlanComponent, PlanErrorPolicy, PlanInput, PlanStep } from '../engine/plan';
import { collectRoots, compileInput, defaultInput } from './compile-input';
import { type ComponentLookup, componentReference } from './component-lookup';
import { readInput } from './input-tree';
import { loopKind } from './loop-kind';
import { ownEntry } from './mapping';
import type { ComponentUse, Step } from './schema';

/** What the steps of one flow are compiled with. */
export interface StepContext {
  lookup: ComponentLookup;
  keyOf: (step: Step) => string;
  /** Keys of all steps of the flow. */
  keys: ReadonlySet<string>;
  /** The actions of private components are the integration's own code. */
  isCodeNative: boolean;
}

/** The pin of a component that was found when the definition was checked. */
export function pinComponent(use: ComponentUse, lookup: ComponentLookup): PlanComponent {
  const found = lookup(componentReference(use));
  if (!('pin' in found))
    throw new Error(`The component ${use.key} was found when the definition was checked, not now.`);
  const { key, isPublic, version, signature } = found.pin;
  return { key, isPublic, version, signature };
}

/** What the component of a step declares of its action or trigger. */
export function declaredOf(
  { action, isTrigger }: Step,
  lookup: ComponentLookup,
): ActionManifest | TriggerManifest {
  const found = lookup(componentReference(action.component));
  const manifest = 'manifest' in found ? found.manifest : undefined;
  const table: Record<string, ActionManifest> = (isTrigger ? manifest?.triggers : manifest?.actions) ?? {};
  const declared = ownEntry(table, action.key);
  if (declared === undefined)
    throw new Error(`${action.component.key}.${action.key} was found before, not now.`);
  return declared;
}

function compileInputs(step: Step, declared: ActionManifest): Record<string, PlanInput> {
  const compiled: [string, PlanInput][] = [];
  for (const input of declared.inputs) {
    const given = ownEntry(step.inputs, input.key);
    const value = given === undefined ? defaultInput(input) : compileInput(readInput(given, []), input);
    // Text in the place of a connection is only ever empty, and means that none is set.
    const isNoConnection = input.type === 'connection' && value?.kind === 'value';
    if (value !== undefined && !isNoConnection) compiled.push([input.key, value]);
  }
  // What a component does not declare reaches it all the same, as it would elsewhere.
  const known = new Set(declared.inputs.map(({ key }) => key));
  for (const [key, input] of Object.entries(step.inputs)) {
    if (!known.has(key)) compiled.push([key, compileInput(readInput(input, []))]);
  }
  return Object.fromEntries(compiled);
}

function errorPolicy({ errorConfig }: Step): PlanErrorPolicy {
  const type = errorConfig?.errorHandlerType ?? 'fail';
  // Files carry numbers also where they do not retry; they have no meaning then.
  if (errorConfig === undefined || type !== 'retry') {
    return { type, maxAttempts: 0, delaySeconds: 0, usesExponentialBackoff: false, ignoreFinalError: false };
  }
  const { maxAttempts, delaySeconds, usesExponentialBackoff, ignoreFinalError } = errorConfig;
  return { type, maxAttempts, delaySeconds, usesExponentialBackoff, ignoreFinalError };
}

/** Code-native flows have one such action, which declares no inputs and gets what the trigger gave. */
const isOwnCode = ({ action, isTrigger }: Step, { isCodeNative }: StepContext): boolean =>
  isCodeNative && !isTrigger && !action.component.isPublic;

function reads(step: Step, inputs: Record<string, PlanInput>, context: StepContext): string[] | 'all' {
  if (step.action.component.key === 'code' && step.action.component.isPublic) return 'all';
  if (isOwnCode(step, context)) return 'all';
  const roots = new Set<string>();
  for (const input of Object.values(inputs)) collectRoots(input, roots);
  return [...roots].filter((root) => context.keys.has(root));
}

/** Branch names may hold dots, which would let two steps have one path. */
const pathSegment = (name: string): string => name.replaceAll('%', '%25').replaceAll('.', '%2E');

/** A second branch of one name is never chosen, and its steps would have the paths of the first one's. */
function reachableBranches({ branches = [] }: Step): NonNullable<Step['branches']> {
  const names = new Set<string>();
  return branches.filter(({ name }) => !names.has(name) && names.add(name));
}

function compileStep(step: Step, path: string, context: StepContext): PlanStep {
  const declared = declaredOf(step, context.lookup);
  const inputs = compileInputs(step, declared);
  const loop = loopKind(step);
  const branches = reachableBranches(step);
  return {
    key: context.keyOf(step),
    name: step.name,
    path,
    component: pinComponent(step.action.component, context.lookup),
    action: step.action.key,
    inputs,
    reads: reads(step, inputs, context),
    ...(branches.length === 0
      ? {}
      : {
          branches: branches.map(({ name, steps }) => ({
            name,
            steps: compileSteps(steps, `${path}.${pathSegment(name)}.`, context),
          })),
        }),
    ...(loop === undefined
      ? {}
      : { loop: { kind: loop, steps: compileSteps(step.steps ?? [], `${path}.loop.`, context) } }),
    ...(declared.terminateExecution === true ? { terminates: true } : {}),
    ...(declared.breakLoop === true ? { breaksLoop: true } : {}),
    onError: errorPolicy(step),
  };
}

/** Compiles sibling steps; the first one's path is `prefix` and `0`. */
export function compileSteps(steps: readonly Step[], prefix: string, context: StepContext): PlanStep[] {
  return steps.map((step, index) => compileStep(step, `${prefix}${index}`, context));
}
