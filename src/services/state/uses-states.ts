import { contextReads } from '../../engine/code-reads';
import type { PlanFlow, PlanStep } from '../../engine/plan';

/** Built-in components that leave the state objects alone, whatever their inputs are. */
const STATELESS = new Set([
  'branch',
  'change-data-format',
  'cross-flow',
  'csv',
  'customHttp',
  'datetime',
  'encryption',
  'hash',
  'http',
  'liquid-template',
  'log',
  'loop',
  'management-triggers',
  'math',
  'messagepack',
  'prismatic',
  'schedule-triggers',
  'sleep',
  'stop-execution',
  'text-manipulation',
  'webhook-triggers',
  'zip',
]);
/** Built-in components that use them only through the code that an input gives. */
const BY_CODE: Record<string, readonly string[]> = {
  code: ['code'],
};

const known = new WeakMap<PlanStep, boolean>();
const knownFlows = new WeakMap<PlanFlow, boolean>();

/** Whether the step may read or change a state object; a step that may not gets none. */
export function stepUsesStates(step: PlanStep): boolean {
  const answer = known.get(step) ?? mayUse(step);
  known.set(step, answer);
  return answer;
}

/** Whether any step of the flow may use them: only then they are read when a run begins. */
export function flowUsesStates(flow: PlanFlow): boolean {
  const answer = knownFlows.get(flow) ?? [flow.trigger, ...flow.steps].some(anyUses);
  knownFlows.set(flow, answer);
  return answer;
}

const anyUses = (step: PlanStep): boolean =>
  stepUsesStates(step) ||
  (step.branches ?? []).some(({ steps }) => steps.some(anyUses)) ||
  (step.loop?.steps ?? []).some(anyUses);

function mayUse({ component, action, inputs }: PlanStep): boolean {
  if (!component.isPublic) return true;
  // Functions given to the others see no context.
  if (component.key === 'collection-tools') return action === 'processInOrder';
  if (STATELESS.has(component.key)) return false;
  const codeInputs = BY_CODE[component.key];
  if (!codeInputs) return true;
  return codeInputs.some((key) => {
    const input = inputs[key];
    if (!input) return false;
    return input.kind !== 'value' || typeof input.value !== 'string' || codeUses(input.value);
  });
}

/** The fields all end so. Code that may read others than those that it names may read them, too. */
const codeUses = (text: string): boolean =>
  text.includes('State') || (contextReads(text)?.some((name) => name.endsWith('State')) ?? true);
