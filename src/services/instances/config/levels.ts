import type { Plan, PlanConfigVar } from '../../../engine/plan';

type WithVariables = Pick<Plan, 'configVars'>;

/** The plan with the variables that the instance must have values for: those that are not the users' own. */
export function instanceLevel<P extends WithVariables>(plan: P): P {
  return { ...plan, configVars: plan.configVars.filter((one) => !isOfUsers(one)) };
}

/** The plan with the variables that each end user has values of their own for. */
export function userLevel<P extends WithVariables>(plan: P): P {
  return { ...plan, configVars: plan.configVars.filter(isOfUsers) };
}

/** Whether the integration has a page that each end user fills in. */
export function hasUserLevel({ configVars }: WithVariables): boolean {
  return configVars.some(isOfUsers);
}

/** A shared connection is nobody's own, whatever page it stands on. */
const isOfUsers = ({ isUserLevel, sharedConnection }: PlanConfigVar): boolean =>
  isUserLevel === true && sharedConnection === undefined;
