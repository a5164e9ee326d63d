import type { Plan } from '../../engine/plan';
import { type FieldFault, isAppError } from '../../errors';
import { applyInputs } from '../instances/config/apply-inputs';
import type { ConfigVariableInput } from '../instances/config/config-variable-input';
import { userLevel } from '../instances/config/levels';
import type { OpenVariable } from '../instances/config/open-variables';
import { invalidInput } from '../parse-input';

type Variables = Map<string, OpenVariable>;

/** A list of values that a caller gave. */
export interface GivenValues {
  inputs: ConfigVariableInput[];
  mode: 'replace' | 'patch';
}

interface Change {
  plan: Plan;
  present: Variables;
  /** Applied one after the other. */
  given: readonly GivenValues[];
  isCustomerUser: boolean;
}

/**
 * The values of a user after a change. Throws `invalid_input` with the faults of all lists at once, among them the
 * variables that are the instance's.
 */
export function applyUserInputs({ plan, present, given, isCustomerUser }: Change): Variables {
  const users = { configVars: userLevel(plan).configVars, isCustomerUser };
  const own = new Set(users.configVars.map(({ key }) => key));
  const ofInstance = new Set(plan.configVars.map(({ key }) => key).filter((key) => !own.has(key)));
  const faults: FieldFault[] = [];
  let open = present;
  for (const { inputs, mode } of given) {
    faults.push(...inputs.filter(({ key }) => ofInstance.has(key)).map(isOfInstance));
    const others = inputs.filter(({ key }) => !ofInstance.has(key));
    try {
      open = applyInputs({ ...users, present: open, inputs: others, mode });
    } catch (error) {
      if (!isAppError(error) || error.faults.length === 0) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw invalidInput(faults);
  return open;
}

const isOfInstance = ({ key }: ConfigVariableInput): FieldFault => ({
  field: `configVariables.${key}`,
  messages: [`"${key}" is set on the instance, for all of its users.`],
});
