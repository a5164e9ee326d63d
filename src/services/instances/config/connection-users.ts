import type { Plan, PlanStep } from '../../../engine/plan';
import { namedVariables } from './named-variables';

/**
 * The names of the steps that use each connection, by the config variable's key. Steps of code may take any
 * connection from their context: they use those that their text names, and the code of a code-native integration,
 * which is not at hand, uses all.
 */
export function connectionUsers(
  plan: Pick<Plan, 'flows' | 'configVars' | 'isCodeNative'>,
): Map<string, string[]> {
  const users = new Map<string, string[]>();
  const keys = plan.configVars.flatMap(({ key, connection, sharedConnection }) =>
    connection || sharedConnection !== undefined ? [key] : [],
  );
  if (keys.length === 0) return users;
  for (const { trigger, steps } of plan.flows) {
    for (const step of allSteps([trigger, ...steps])) {
      const named = namedVariables(step.inputs);
      const text = step.reads === 'all' ? JSON.stringify(step.inputs) : '';
      for (const key of keys) {
        if (plan.isCodeNative || named.has(key) || text.includes(JSON.stringify(key).slice(1, -1)))
          users.set(key, [...(users.get(key) ?? []), step.name]);
      }
    }
  }
  return users;
}

function* allSteps(steps: readonly PlanStep[]): Generator<PlanStep> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* allSteps(branch.steps);
    if (step.loop) yield* allSteps(step.loop.steps);
  }
}
