import type {
  PlanBranch,
  PlanErrorPolicy,
  PlanFlow,
  PlanInput,
  PlanStep,
  PlanTemplatePart,
} from '../../../src/engine/plan';

export const FAIL: PlanErrorPolicy = {
  type: 'fail',
  maxAttempts: 0,
  delaySeconds: 0,
  usesExponentialBackoff: false,
  ignoreFinalError: false,
};
export const IGNORE: PlanErrorPolicy = { ...FAIL, type: 'ignore' };

export function retry(maxAttempts: number, options: Partial<PlanErrorPolicy> = {}): PlanErrorPolicy {
  return { ...FAIL, type: 'retry', maxAttempts, ...options };
}

const component = (key: string) => ({ key, isPublic: true, version: 1, signature: `sig-${key}` });

/** An action named by its key. Its path is given by {@link flowOf}. */
export function action(key: string, extra: Partial<PlanStep> = {}): PlanStep {
  return {
    key,
    name: `Step ${key}`,
    path: '',
    component: component('test'),
    action: key,
    inputs: {},
    reads: [],
    onError: FAIL,
    ...extra,
  };
}

export function sleepStep(key: string, ms: unknown, extra: Partial<PlanStep> = {}): PlanStep {
  return action(key, { component: component('sleep'), action: 'sleep', inputs: { ms: value(ms) }, ...extra });
}

export function branching(
  key: string,
  branches: Record<string, PlanStep[]>,
  extra: Partial<PlanStep> = {},
): PlanStep {
  return action(key, {
    branches: Object.entries(branches).map(([name, steps]): PlanBranch => ({ name, steps })),
    ...extra,
  });
}

export function loopOver(
  key: string,
  items: PlanInput,
  steps: PlanStep[],
  extra: Partial<PlanStep> = {},
): PlanStep {
  return action(key, { inputs: { items }, loop: { kind: 'items', steps }, ...extra });
}

export function loopTimes(
  key: string,
  iterationCount: unknown,
  steps: PlanStep[],
  extra: Partial<PlanStep> = {},
): PlanStep {
  return action(key, {
    inputs: { iterationCount: value(iterationCount) },
    loop: { kind: 'times', steps },
    ...extra,
  });
}

/** A flow of these steps behind a trigger of key `trigger`; gives every step its place as the compiler does. */
export function flowOf(steps: PlanStep[], trigger: PlanStep = action('trigger')): PlanFlow {
  return {
    name: 'Flow',
    stableKey: 'flow',
    description: '',
    isSynchronous: false,
    endpointSecurityType: 'unsecured',
    organizationApiKeys: [],
    trigger: placed([trigger], '')[0]!,
    steps: placed(steps, '', 1),
  };
}

function placed(steps: PlanStep[], prefix: string, from = 0): PlanStep[] {
  return steps.map((step, index) => {
    const path = `${prefix}${index + from}`;
    return {
      ...step,
      path,
      ...(step.branches && {
        branches: step.branches.map((branch) => ({
          name: branch.name,
          steps: placed(branch.steps, `${path}.${branch.name}.`),
        })),
      }),
      ...(step.loop && { loop: { ...step.loop, steps: placed(step.loop.steps, `${path}.loop.`) } }),
    };
  });
}

export const value = (of: unknown): PlanInput => ({ kind: 'value', value: of });
export const reference = (path: string): PlanInput => ({ kind: 'reference', path: path.split('.') });
export const template = (...parts: PlanTemplatePart[]): PlanInput => ({ kind: 'template', parts });
export const text = (of: string): PlanTemplatePart => ({ kind: 'text', text: of });
export const referencePart = (path: string): PlanTemplatePart => ({
  kind: 'reference',
  path: path.split('.'),
});
