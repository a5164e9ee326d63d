import type { PlanConfigVar } from '../../../engine/plan';
import type { OpenVariable } from './open-variables';

/** The fields of a connection that an on-premise agent stands for. */
export const CONTROLLED_FIELDS: readonly string[] = ['host', 'port'];

/** Named in place of a field that needs a value where an on-premise resource is missing. */
export const RESOURCE_FIELD = 'onPremiseResourceId';

/** The on-premise resource that counts: none where the version takes none, whatever was chosen for a former one. */
export function resourceOf({ onPremise }: PlanConfigVar, open: OpenVariable | undefined): string | undefined {
  return onPremise ? open?.onPremiseResourceId : undefined;
}

/** The fields of a connection that its on-premise resource gives. */
export function givenByResource(configVar: PlanConfigVar, open: OpenVariable | undefined): readonly string[] {
  return resourceOf(configVar, open) === undefined ? [] : CONTROLLED_FIELDS;
}

/** Whether an agent must be chosen, and is not. */
export function needsResource(configVar: PlanConfigVar, open: OpenVariable | undefined): boolean {
  const { onPremise, isUserLevel } = configVar;
  return onPremise === 'required' && !isUserLevel && resourceOf(configVar, open) === undefined;
}
