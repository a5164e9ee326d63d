import type { Plan } from '../../engine/plan';
import { applyInputs } from '../instances/config/apply-inputs';
import type { ConfigVariableInput } from '../instances/config/config-variable-input';
import { userLevel } from '../instances/config/levels';
import type { OpenVariable } from '../instances/config/open-variables';
import { invalidInput } from '../parse-input';

interface Change {
  plan: Plan;
  present: Map<string, OpenVariable>;
  inputs: ConfigVariableInput[];
  mode: 'replace' | 'patch';
  isCustomerUser: boolean;
}

/**
 * The values of a user after a change. Throws `invalid_input` with all faults, among them the variables that are the
 * instance's.
 */
export function applyUserInputs({ plan, ...change }: Change): Map<string, OpenVariable> {
  const ofInstance = plan.configVars.filter(({ isUserLevel }) => !isUserLevel).map(({ key }) => key);
  const faults = change.inputs
    .filter(({ key }) => ofInstance.includes(key))
    .map(({ key }) => ({
      field: `configVariables.${key}`,
      messages: [`"${key}" is set on the instance, for all of its users.`],
    }));
  if (faults.length > 0) throw invalidInput(faults);
  return applyInputs({ ...change, configVars: userLevel(plan).configVars });
}
